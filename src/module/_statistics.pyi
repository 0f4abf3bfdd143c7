"What the module statistics is better off without in Python."
__c__ = "statistics"
def _normal_dist_inv_cdf(p: double, mu: double, sigma: double, /) -> double: "The value below which a normally distributed one lies with probability p."
