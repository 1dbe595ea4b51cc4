# SPDX-License-Identifier: MIT
"""A house for acceptance tests: rooms that speak the Loxone contract and a grid meter, on a broker.

It keeps what a tester wants to know: every command with its time, how often each relay changed,
and the metered import over time.
"""
import datetime
import json
import threading
import time

import paho.mqtt.client as mqtt


class Room:
    def __init__(self, watts):
        self.watts, self.on, self.source, self.until = watts, False, "thermostat", None
        self.changes, self.commands, self.stuck, self.has_sensor = 0, 0, False, True

    def set(self, on):
        if on != self.on and not self.stuck:
            self.on, self.changes = on, self.changes + 1


class House:
    """Rooms on `loxone/heating/ROOM`, meter on `meter/grid`; thermostats keep all relays off."""

    def __init__(self, port, rooms, base=500.0):
        self.rooms = {name: Room(watts) for name, watts in rooms.items()}
        self.base, self.imports, self.running = base, [], True
        self.offset = 0.0  # of the house's clock, seconds
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="house")
        self.client.on_connect = lambda c, *_: c.subscribe("loxone/heating/+/set", 1)
        self.client.on_message = self.receive
        self.client.reconnect_delay_set(1, 1)
        self.client.connect("127.0.0.1", port, 10)
        self.client.loop_start()
        threading.Thread(target=self.live, daemon=True).start()

    def receive(self, _client, _user, message):
        room = self.rooms.get(message.topic.split("/")[2])
        if room is None or room.stuck:
            return
        wish = json.loads(message.payload)
        room.commands += 1
        room.set(wish["state"] == "on")
        room.source, room.until = "command", wish.get("until")
        self.publish()

    def publish(self):
        for name, room in self.rooms.items():
            status = dict(state="on" if room.on else "off", source=room.source, until=room.until,
                          timestamp=datetime.datetime.fromtimestamp(self.now(), datetime.timezone.utc).isoformat())
            if room.has_sensor:
                status["temperature"] = 21.0
            self.client.publish(f"loxone/heating/{name}/status", json.dumps(status), retain=True)

    def now(self):
        return time.time() + self.offset

    def power(self):
        return self.base + sum(room.watts for room in self.rooms.values() if room.on)

    def live(self):
        tick = 0
        while self.running:
            for room in self.rooms.values():
                if room.source == "command" and room.until and self.now() >= room.until:
                    room.source = "thermostat"
                    room.set(False)
            self.imports.append((time.monotonic(), self.power()))
            if tick % 5 == 0:
                self.client.publish("meter/grid", f"{self.power():.0f}")
            if tick % 10 == 0:
                self.publish()
            tick += 1
            time.sleep(0.1)

    def longest_above(self, limit, since):
        """Seconds of the longest time the import stayed above a limit."""
        longest, began = 0.0, None
        for moment, power in self.imports:
            if moment < since:
                continue
            if power > limit:
                began = began if began is not None else moment
                longest = max(longest, moment - began)
            else:
                began = None
        return longest

    def stop(self):
        self.running = False
        self.client.loop_stop()
        self.client.disconnect()
