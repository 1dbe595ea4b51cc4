# SPDX-License-Identifier: MIT
"""Cases of `pems run` about single devices: a wallbox on MQTT, the export of an inverter, `GET /health`."""
import json
import subprocess
import time

import paho.mqtt.client as mqtt

from bench import Bench, HEATERS, free_port, wait
from house import House

CHARGE_POINT = """
charge_points: [{name: garage, phases: 3, minimum_current_a: 6, maximum_current_a: 16}]
vehicles: [{name: car, charge_point: garage, capacity_kwh: 60, shortfall_cost_per_kwh: 20}]
"""
WALLBOX = """
  - {name: wallbox, driver: mqtt_charger, charge_point: garage, confirmation_seconds: 2, enable_topic: box/enable,
     enabled_topic: box/enabled, current_topic: box/maxcurrent, current_shown_topic: box/current,
     status_topic: box/status, power_topic: box/power}
"""


class Wallbox:
    """A wallbox by the topics of a custom charger of evcc, with a car that draws what it may, in a house."""

    def __init__(self, port, house):
        self.on, self.amperes, self.house, self.base = False, 6.0, house, house.base
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="wallbox")
        self.client.on_connect = lambda c, *_: (c.subscribe("box/enable"), c.subscribe("box/maxcurrent"), self.show())
        self.client.on_message = self.receive
        self.client.connect("127.0.0.1", port, 10)
        self.client.loop_start()

    def receive(self, _client, _user, message):
        if message.topic == "box/enable":
            self.on = message.payload == b"true"
        else:
            self.amperes = float(message.payload)
        self.show()

    @property
    def watts(self):
        return self.amperes * 3 * 230 if self.on else 0

    def show(self):
        self.house.base = self.base + self.watts
        for topic, text in (("status", "C" if self.on else "B"), ("enabled", "true" if self.on else "false"),
                            ("current", f"{self.amperes:g}"), ("power", f"{self.watts:.0f}")):
            self.client.publish(f"box/{topic}", text)

    def stop(self):
        self.client.loop_stop()
        self.client.disconnect()


def wallbox():
    """A wish on the topic of a charge point reaches a wallbox, is confirmed, and ends."""
    with Bench(battery=False, sections=CHARGE_POINT, devices=WALLBOX) as bench:
        house = House(bench.broker.port, HEATERS)
        box = Wallbox(bench.broker.port, house)
        bench.run_pems()
        wait(20, lambda: bench.spy.last("pems/status") == "online" and bench.events("decision"), "a decision")
        for room in HEATERS:  # four heaters leave a car nothing of the fuse
            bench.spy.say("pems/override/set", dict(target="room", name=room, wish="off", minutes=30))
        wait(20, lambda: not any(room.on for room in house.rooms.values()), "the heaters are off")
        topic = "pems/charge_point/garage/override"
        bench.spy.say("pems/override/set", dict(target="charge_point", name="garage", wish="charge", power_w=5600, minutes=30))
        took = wait(20, lambda: box.on and box.amperes == 8, "8 A on three phases")
        bench.spy.say(f"{topic}/set", "charge")
        full = wait(20, lambda: box.on and box.amperes > 8, "all the fuse leaves")
        wait(10, lambda: house.power() <= 3 * 16 * 230, "inside the fuse")
        amperes = box.amperes
        assert bench.spy.last(topic) == "charge", bench.spy.last(topic)
        bench.spy.say(f"{topic}/set", "stop")
        off = wait(20, lambda: not box.on, "no charging")
        bench.spy.say(f"{topic}/set", "auto")
        wait(20, lambda: bench.spy.last(topic) == "auto", "the wish has ended")
        end = bench.end_pems()
        failed = len(bench.events("command_failed"))
        box.stop()
        house.stop()
        assert end["sent"] == end["confirmed"] and not failed, (end, failed)
        return (f"5.6 kW wished: 8 A after {took:.1f} s; no number: {amperes:g} A inside the fuse after {full:.1f} s; "
                f"stopped after {off:.1f} s; {end['confirmed']} of {end['sent']} orders confirmed")


def flows(bench):
    """What the simulated inverter measures, W, and its registers."""
    bench.spy.say("sim/growatt/ctl", {})
    time.sleep(0.3)  # until it has answered; what was heard before is older
    state = bench.spy.last("sim/growatt/state")
    return json.loads(state) if state else dict(exp=None, hold={})


def export():
    """A wish that nothing is fed in ends the export at the meter; kill -9 and a hand-back lift it."""
    with Bench() as bench:
        bench.growatt("--soc", "1.0")
        bench.run_pems()
        wait(30, lambda: bench.events("decision"), "a decision")
        bench.spy.say("sim/growatt/ctl", dict(pv=6000, load=500, soc=1.0))
        wait(20, lambda: (flows(bench)["exp"] or 0) > 5000, "an export", every=0.3)
        bench.spy.say("pems/override/set", dict(target="pv", name="pv", wish="no_export", minutes=60))
        gone = wait(30, lambda: (flows(bench)["exp"] or 0) < 50, "no export", every=0.3)
        bench.pems.kill()
        bench.pems.wait()
        assert flows(bench)["hold"]["123"] == 0, "a dead pems leaves its limit"
        done = subprocess.run([bench.program, "run", "--config", str(bench.configuration), "--hand-back"],
                              capture_output=True, text=True, timeout=60)
        back = wait(20, lambda: (flows(bench)["exp"] or 0) > 5000, "the export is back", every=0.3)
        assert done.returncode == 0, done
        return f"no export {gone:.1f} s after the wish; free again {back:.1f} s after a hand-back behind a kill -9"


def health():
    """curl asks a running pems how it is: 200, and 503 with the reason once its broker is gone."""
    port = free_port()
    with Bench(battery=False, sections=f"web: {{port: {port}}}") as bench:
        house = House(bench.broker.port, HEATERS)
        bench.run_pems()

        def ask():
            done = subprocess.run(["curl", "-s", "-m", "2", "-w", "\n%{http_code} %{time_total}",
                                   f"http://127.0.0.1:{port}/health"], capture_output=True, text=True)
            body, _, last = done.stdout.rpartition("\n")
            code, seconds = last.split()
            return int(code), json.loads(body) if body else {}, float(seconds)

        wait(30, lambda: ask()[0] == 200 and ask()[1].get("planAgeSeconds") is not None, "200 with a plan")
        code, report, seconds = ask()
        kept = {"beats", "targets", "version", "stage", "isBrokerConnected", "decisionAgeSeconds"} <= report.keys()
        assert code == 200 and kept and report["isBrokerConnected"] and len(report["targets"]) == len(HEATERS), report
        flood = subprocess.run(["bash", "-c", f"for i in $(seq 300); do curl -s -m 2 -o /dev/null "
                                f"http://127.0.0.1:{port}/health & done; wait"], timeout=120)
        bench.broker.kill()
        ill = wait(60, lambda: ask()[0] == 503, "503")
        problems = ask()[1]["problems"]
        end = bench.end_pems()
        house.stop()
        assert not flood.returncode and "the broker is not there" in problems, problems
        assert end["worst_gap_seconds"] <= 2 * bench.period, end
        return (f"200 in {1000 * seconds:.0f} ms with {report['beats']} beats and {len(report['targets'])} targets; 300 at "
                f"once; 503 {ill:.1f} s after the broker died; worst beat {end['worst_gap_seconds']:.2f} s")
