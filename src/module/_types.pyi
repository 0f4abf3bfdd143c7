"The built-in types that have no name among the builtins; the module types shows them."
__c__ = "types_module"
