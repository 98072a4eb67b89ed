"""Drives `drylab serve --stdio` with nothing but Python's standard library.

Usage: drive.py LAB COMMAND...      (COMMAND: how to start drylab)

Loads a lab, asks a router for a route, cuts its links, watches the route go, captures a ping and closes the lab. Prints
what it has seen; ends with an assertion error when something is not as it should be.
"""

import base64
import json
import struct
import subprocess
import sys


class Drylab:
    """One server: call() sends a request and returns its result; notifications gather meanwhile."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.notifications = []
        self.last_id = 0

    def call(self, method, **params):
        message = self.request(method, **params)
        assert "error" not in message, message
        return message["result"]

    def request(self, method, **params):
        self.last_id += 1
        self.send(json.dumps({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}))
        return self.answer()

    def send(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self):
        for line in self.process.stdout:
            message = json.loads(line)
            if "method" not in message:
                return message
            self.notifications.append(message)
        raise EOFError("the server is gone")

    def close(self):
        self.process.stdin.close()
        return self.process.wait()


def main(path, command):
    drylab = Drylab(command)

    drylab.send("this is not JSON")
    assert drylab.answer()["error"]["code"] == -32700

    lab = drylab.call("lab.load", lab=path, seed=7, events=["bgp.session"])
    name = lab["lab"]
    print("nodes:", " ".join(sorted(node["name"] for node in lab["nodes"])))
    events = [one["params"] for one in drylab.notifications if one["method"] == "lab.event"]
    print("sessions that came up:", sum(event["detail"]["state"] == "up" for event in events))

    route = drylab.call("node.exec", lab=name, node="leaf1", command="ip -j route show 10.100.4.0/24")
    hops = json.loads(route["stdout"])[0]["nexthops"]
    print("leaf1 to 10.100.4.0/24 via", " ".join(sorted(hop["gateway"] for hop in hops)))

    drylab.call("capture.start", lab=name, node="leaf1", interface="any", filter="icmp")
    capture = drylab.call("capture.start", lab=name, node="leaf1", interface="eth3", format="pcap")["capture"]
    drylab.call("node.exec", lab=name, node="host1", command="ping -c 1 10.100.4.10")
    lines = [one["params"]["line"] for one in drylab.notifications if one["method"] == "capture.line"]
    print("captured:", len(lines), "lines")
    file = base64.b64decode(drylab.call("capture.stop", lab=name, capture=capture)["pcap"])
    assert struct.unpack("<I", file[:4])[0] == 0xA1B2C3D4

    drylab.call("lab.fault", lab=name, fail={"link": "leaf1:eth1"})
    drylab.call("lab.run", lab=name, until="settled")
    rows = drylab.call("lab.snapshot", lab=name, tables=["routes"], node="leaf1")["tables"]["routes"]
    left = [row["gateway"] for row in rows if row["destination"] == "10.100.4.0/24"]
    print("after the cut:", len(left), "next hop")
    assert drylab.request("lab.check", lab=name, check="rout", argument={})["error"]["code"] == -32602
    drylab.call("lab.close", lab=name)
    return drylab.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
