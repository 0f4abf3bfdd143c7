class BaseExceptionGroup:
    "Several exceptions raised as one."
    __c__ = "exception_group", "GroupException"
    def derive(self, excs, /): "A group of excs with the same message: what split and subgroup make their results with."
    def split(self, matcher_value, /): "The parts of the group that match, and that do not: a pair of groups, or None for an empty part."
    def subgroup(self, matcher_value, /): "The part of the group that matches, or None."
    @classmethod
    def __class_getitem__(cls, object, /): "BaseExceptionGroup[T], for annotations."
    @member
    @property
    def message(self): "The group's message."
    @member
    @property
    def exceptions(self): "The exceptions: a tuple."
