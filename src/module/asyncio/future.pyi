class Future:
    """Future(*, loop=None)
    --

    A result that is not there yet, of an event loop."""
    __c__ = "future", "Future"
    def __init__(self, *, loop=None): ...
    def result(self, /): "What it came to; raises its exception, or InvalidStateError where it is not done."
    def exception(self, /): "The exception it ended with, or None."
    def set_result(self, result, /): "Ends it with a result."
    def set_exception(self, exception, /): "Ends it with an exception, an instance or a class."
    def add_done_callback(self, fn, /, *, context: opt = ...): "Has fn(self) called soon after it is done."
    def remove_done_callback(self, fn, /): "Removes all callbacks equal to fn; how many there were."
    def cancel(self, /, msg=None): "Ends it as cancelled, if it is not done. Did it?"
    def cancelled(self, /) -> bool: "Was it cancelled?"
    def done(self, /) -> bool: "Has it a result or an exception, or was it cancelled?"
    def get_loop(self, /): "The event loop that it belongs to."
    def _make_cancelled_error(self, /): "The CancelledError to raise, with the message that cancel() got."
    @classmethod
    def __class_getitem__(cls, object, /): "The class with its result type given."
    @property
    def _state(self): "PENDING, CANCELLED or FINISHED."
    @property
    def _asyncio_future_blocking(self): "Is a task waiting for it by await?"
    @_asyncio_future_blocking.setter
    def _asyncio_future_blocking(self, value): ...
    @property
    def _loop(self): ...
    @property
    def _callbacks(self): ...
    @property
    def _result(self): ...
    @property
    def _exception(self): ...
    @property
    def _log_traceback(self): ...
    @_log_traceback.setter
    def _log_traceback(self, value): ...
    @property
    def _source_traceback(self): ...
    @property
    def _cancel_message(self): ...
    @_cancel_message.setter
    def _cancel_message(self, value): ...
    @property
    def _asyncio_awaited_by(self): ...
