// SPDX-License-Identifier: MIT
import Testing

/// Suites that start servers: one after the other, because each waits for programs of its own.
@Suite("Devices on real servers", .serialized)
enum ServerSuites {}
