# SPDX-License-Identifier: MIT
"""Cases of `pems run` about itself: a reload, the emergency stop, an inverter that confirms and does not act."""
import json
import signal
import subprocess
import time

from bench import Bench, HEATERS, PEMS, wait
from devices import flows
from house import House


def heat_all(bench, house):
    wait(20, lambda: bench.spy.last("pems/status") == "online" and bench.events("decision"), "a decision")
    for room in HEATERS:
        bench.spy.say("pems/override/set", dict(target="room", name=room, wish="on", minutes=600))
    wait(30, lambda: all(room.on for room in house.rooms.values()), "all heaters on")


def reload():
    """SIGHUP: the configuration is read again and no relay moves."""
    with Bench(battery=False) as bench:
        house = House(bench.broker.port, HEATERS)
        bench.run_pems()
        heat_all(bench, house)
        changes = {name: room.changes for name, room in house.rooms.items()}
        took = []
        for _ in range(5):
            told = {name: room.commands for name, room in house.rooms.items()}
            ready = len(bench.events("ready"))
            bench.pems.send_signal(signal.SIGHUP)
            took.append(wait(20, lambda: len(bench.events("ready")) > ready and all(
                room.commands > told[name] for name, room in house.rooms.items()), "told by the new one"))
            time.sleep(2)
        moved = {name: room.changes - changes[name] for name, room in house.rooms.items()}
        lost = [line for line in bench.events("start")[1:] if line["after_crash"]]
        end = bench.end_pems()
        house.stop()
        assert not any(moved.values()) and not lost and end["handed_back"], (moved, lost, end)
        return f"five reloads: no relay moved, all rooms told again after at most {max(took):.1f} s"


def emergency_stop():
    """The emergency stop switches everything off, outlives a kill -9 and a reload, and is lifted by hand."""
    with Bench(battery=False) as bench:
        house = House(bench.broker.port, HEATERS)
        bench.run_pems()
        heat_all(bench, house)
        bench.spy.say("pems/stop/set", "ON")
        off = wait(20, lambda: not any(room.on for room in house.rooms.values()), "everything off")
        time.sleep(1)
        bench.pems.kill()
        bench.pems.wait()
        told = {name: room.commands for name, room in house.rooms.items()}
        bench.run_pems()
        wait(30, lambda: all(room.commands > told[name] for name, room in house.rooms.items()), "told by the new one")
        time.sleep(10)
        assert not any(room.on for room in house.rooms.values()), "it heats again after the restart"
        assert bench.spy.last("pems/stop") == "ON"
        asked = subprocess.run([PEMS, "health", "--config", str(bench.configuration)], capture_output=True, text=True)
        assert asked.returncode == 1 and "emergency stop" in asked.stdout + asked.stderr, asked
        bench.spy.say("pems/stop/set", "OFF")
        back = wait(20, lambda: all(room.on for room in house.rooms.values()), "the wishes count again")
        bench.end_pems()
        house.stop()
        return f"off after {off:.1f} s, still off after a kill -9, lifted: on again after {back:.1f} s"


def disobedient():
    """An inverter confirms a charge and takes nothing: told by its measured power, and forgiven when it acts."""
    with Bench() as bench:
        bench.growatt("--soc", "0.5")
        bench.run_pems()
        wait(30, lambda: bench.events("decision"), "a decision")
        bench.spy.say("sim/growatt/ctl", dict(pmax=0, pv=0))
        bench.spy.say("pems/override/set", dict(target="battery", name="battery", wish="charge", minutes=60))
        status = lambda: json.load(open(f"{bench.folder}/state/health.json"))
        target = lambda: (status().get("targets") or {}).get("battery battery", {})
        confirmed = wait(60, lambda: target().get("confirmed", "").startswith("charge"), "a confirmation", every=1)
        told = wait(150, lambda: bench.events("degraded"), "an alarm", every=1)
        text = bench.events("degraded")[0]["problem"]
        wait(10, lambda: any("confirmed, but" in problem for problem in status()["problems"]), "in /health", every=1)
        writes = flows(bench)["hold"]
        bench.spy.say("sim/growatt/ctl", dict(pmax=5000))
        back = wait(60, lambda: not status()["problems"], "forgiven", every=1)
        assert flows(bench)["hold"] == writes, "settings that are right are not written again"
        bench.end_pems()
        return (f"confirmed after {confirmed:.0f} s, alarm {told:.0f} s later (\"{text}\"), "
                f"forgiven {back:.0f} s after it acted")
