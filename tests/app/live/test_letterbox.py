"""What threads post reaches the loop: all of it, in order, whatever one of the letters does."""

import asyncio
import threading

from app.live.letterbox import Letterbox


def test_every_letter_arrives_in_the_order_of_its_thread():
    async def main():
        loop, box, taken, done = asyncio.get_running_loop(), Letterbox(), [], asyncio.Event()

        def take(thread, number):
            taken.append((thread, number))
            if len(taken) == 4 * 2000:
                done.set()

        def post(thread):
            for number in range(2000):
                box.post(loop, take, thread, number)

        threads = [threading.Thread(target=post, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        await asyncio.wait_for(done.wait(), 60)
        for thread in threads:
            thread.join()
        return taken

    taken = asyncio.run(main())
    for k in range(4):
        assert [number for thread, number in taken if thread == k] == list(range(2000))


def test_many_letters_wake_the_loop_once_and_a_broken_one_keeps_back_none(caplog):
    class Loop:
        calls = ()

        def call_soon_threadsafe(self, call):
            self.calls = (*self.calls, call)

    loop, box, taken = Loop(), Letterbox(), []
    box.post(loop, taken.append, 1)
    box.post(loop, [].remove, "what is not there")
    box.post(loop, taken.append, 2)
    [call] = loop.calls
    call()
    assert taken == [1, 2]
    assert "could not be taken" in caplog.text
    box.post(loop, taken.append, 3)
    assert len(loop.calls) == 2
