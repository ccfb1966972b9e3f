from recorder.sandbox.limits import MIB, Limits


def test_nothing_can_be_written_and_no_core_is_dumped() -> None:
    argv = Limits(answer=MIB).argv("prlimit", counted=True)
    assert argv[0] == "prlimit"
    assert {"--fsize=0", "--core=0", "--cpu=60:61", "--nproc=128"} <= set(argv)


def test_the_figures_stay_below_what_is_promised() -> None:
    limits = Limits(answer=MIB)
    assert limits.memory < 2 << 30
    assert limits.cpu_seconds < limits.wall_seconds < 120
    assert limits.stall_seconds < 120


def test_a_larger_recording_gets_more_time_and_no_more_memory() -> None:
    small, large = Limits(answer=MIB).for_size(MIB), Limits(answer=MIB).for_size(10 << 30)
    assert small.cpu_seconds == 64
    assert large.cpu_seconds > 10_000
    assert large.wall_seconds > large.cpu_seconds
    assert large.memory == small.memory
