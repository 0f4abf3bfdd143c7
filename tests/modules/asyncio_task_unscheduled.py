# A task whose first step could not be scheduled is reported when it goes, as any that is destroyed while it is pending.
import asyncio
import gc

loop = asyncio.new_event_loop()
said = []
loop.set_exception_handler(lambda loop, context: said.append(context['message']))


async def nothing():
    pass


def refuse(*args, **kwargs):
    raise ValueError('refused')


loop.call_soon = refuse
coroutine = nothing()
try:
    asyncio.Task(coroutine, loop=loop)
except ValueError as error:
    assert str(error) == 'refused'
else:
    raise AssertionError
coroutine.close()
gc.collect()
assert said == ['Task was destroyed but it is pending!'], said
assert asyncio.all_tasks(loop) == set()
del loop.call_soon
loop.close()
