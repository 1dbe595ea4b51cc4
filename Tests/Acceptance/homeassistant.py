# SPDX-License-Identifier: MIT
"""pems in a real Home Assistant: entities by discovery, an override there reaches the house, availability.

usage: homeassistant.py    HA_VENV names a virtual environment with homeassistant 2024.3.3
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.request

from bench import Bench, HEATERS, SIMULATORS, free_port, wait
from house import House

EXPECTED = {  # entity: (device class, unit)
    "sensor.pems_grid_power_w": ("power", "W"),
    "sensor.pems_pv_power_w": ("power", "W"),
    "sensor.pems_base_load_power_w": ("power", "W"),
    "sensor.pems_battery_power_w": ("power", "W"),
    "sensor.pems_battery_soc_percent": ("battery", "%"),
    "sensor.pems_pv_24h_kwh": ("energy", "kWh"),
    "sensor.pems_base_load_24h_kwh": ("energy", "kWh"),
    "sensor.pems_plan": (None, None),
    "sensor.pems_stage": (None, None),
    "sensor.pems_mode": (None, None),
    "number.pems_override_hours": (None, "h"),
    "switch.pems_stop": (None, None),
    "select.pems_battery_override": (None, None),
    **{f"select.pems_room_{name}_override": (None, None) for name in HEATERS},
    **{f"sensor.pems_room_{name}_c": ("temperature", "°C") for name in HEATERS},
}


class HomeAssistant:
    def __init__(self, broker_port):
        self.folder, self.port = tempfile.mkdtemp(prefix="pems-ha-"), free_port()
        answer = subprocess.run(
            [str(SIMULATORS / "homeassistant/start.sh"), self.folder, str(self.port), "--mqtt-port", str(broker_port)],
            stdout=subprocess.PIPE, text=True, check=True, timeout=180)
        self.process = int(answer.stdout.split()[-1])
        self.token = pathlib.Path(self.folder, "token").read_text().strip()

    def ask(self, path, body=None):
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/{path}", method="POST" if body is not None else "GET",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def states(self):
        return {state["entity_id"]: state for state in self.ask("states")}

    def stop(self):
        os.kill(self.process, 15)


def main():
    with Bench() as bench:
        house = House(bench.broker.port, HEATERS)
        bench.growatt("--soc", "0.5")
        assistant = HomeAssistant(bench.broker.port)
        try:
            bench.run_pems()
            took = wait(60, lambda: EXPECTED.keys() <= assistant.states().keys(), "entities")
            wait(30, lambda: assistant.states()["sensor.pems_battery_soc_percent"]["state"] not in ("unknown", "unavailable"),
                 "a state of charge")
            states, wrong = assistant.states(), []
            for entity, (kind, unit) in EXPECTED.items():
                found = states[entity]["attributes"]
                if (found.get("device_class"), found.get("unit_of_measurement")) != (kind, unit):
                    wrong.append((entity, found))
            print(f"{len(EXPECTED)} entities after {took:.1f} s, {len(wrong)} with a wrong class or unit {wrong}")
            values = {entity: states[entity]["state"] for entity in EXPECTED}
            print("states:", values)
            wait(60, lambda: bench.events("decision"), "a decision")
            ahead = wait(30, lambda: assistant.states()["sensor.pems_base_load_24h_kwh"]["state"] not in (
                "unknown", "unavailable"), "a forecast")
            forecast = assistant.states()["sensor.pems_pv_24h_kwh"]
            hours = forecast["attributes"]["hours"]
            assert len(hours) >= 24 and all(p[0] <= p[1] <= p[2] for p in (hour["pv_w"] for hour in hours)), forecast
            print(f"forecast {ahead:.1f} s after the decision: {forecast['state']} kWh of PV, {len(hours)} hours with bands")
            room = house.rooms["koupelna"]
            wanted = "off" if room.on else "on"
            assistant.ask("services/select/select_option",
                          dict(entity_id="select.pems_room_koupelna_override", option=wanted))
            reached = wait(20, lambda: room.on == (wanted == "on") and room.source == "command", "the room")
            shown = wait(20, lambda: assistant.states()["select.pems_room_koupelna_override"]["state"] == wanted, "shown")
            print(f"override '{wanted}' reached the room in {reached:.1f} s, shown after {shown:.1f} s more")
            bench.pems.kill()
            gone = wait(60, lambda: assistant.states()["sensor.pems_stage"]["state"] == "unavailable", "unavailable")
            bench.run_pems()
            back = wait(60, lambda: assistant.states()["sensor.pems_stage"]["state"] == "full", "available")
            print(f"unavailable {gone:.1f} s after kill -9, available {back:.1f} s after the restart")
            return len(wrong) > 0
        finally:
            assistant.stop()
            house.stop()


if __name__ == "__main__":
    sys.exit(main())
