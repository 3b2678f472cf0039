import threading

from core.net import HostGate


def test_a_host_is_asked_once_in_each_interval() -> None:
    gate = HostGate(interval=3)
    assert gate.book("dala.example", 100, 60) == 0
    assert gate.book("dala.example", 101, 60) == 2
    assert gate.book("dala.example", 101, 60) == 5
    assert gate.book("dala.example", 110, 60) == 0


def test_hosts_do_not_wait_for_one_another() -> None:
    gate = HostGate(interval=3)
    assert gate.book("a.example", 0, 0) == 0
    assert gate.book("b.example", 0, 0) == 0


def test_who_would_not_wait_takes_no_turn() -> None:
    gate = HostGate(interval=3)
    gate.book("dala.example", 0, 0)
    assert gate.book("dala.example", 1, 1) == 2
    assert gate.book("dala.example", 3, 0) == 0


def test_threads_never_share_a_turn() -> None:
    gate = HostGate(interval=1)
    turns: list[float] = []
    threads = [
        threading.Thread(target=lambda: turns.append(gate.book("dala.example", 0, 1e6)))
        for _ in range(50)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(turns) == [float(turn) for turn in range(50)]


def test_hosts_of_long_ago_are_forgotten() -> None:
    gate = HostGate(interval=3)
    for number in range(5000):
        gate.book(f"{number}.example", number * 10, 0)
    assert len(gate._free_at) < 2000
