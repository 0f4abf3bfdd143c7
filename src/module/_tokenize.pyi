"The tokenizer, for the module tokenize."
__c__ = "tokenizer"

class TokenizerIter:
    "The tokens of a source that a function gives line by line."
    __c__ = "token_iter", "TokenIter"
    def __new__(cls, readline, /, *, encoding: cstr_opt = None, extra_tokens: bool = False): ...
