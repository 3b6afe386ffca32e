// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetCore

/// What happened, in order: a hash of every event and action, and on demand their text.
public struct Trace: Equatable, Sendable {
    /// FNV-1a over the trace's numbers; equal for equal traces, in every process.
    public private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The trace as text, one line for each event with its actions after it; empty unless kept.
    public internal(set) var lines: [String] = []
    let keepsText: Bool

    init(keepsText: Bool) {
        self.keepsText = keepsText
    }

    mutating func note(
        _ event: PoolMachine.Event, _ actions: [PoolMachine.Action], at now: FleetInstant
    ) {
        mix(now.nanoseconds)
        mix(event)
        for action in actions { mix(action) }
        guard keepsText else { return }
        lines.append("\(now.nanoseconds / 1000) us: \(event)")
        lines += actions.map { "    \($0)" }
    }

    mutating func mix(_ number: some BinaryInteger) {
        var rest = UInt64(truncatingIfNeeded: number)
        for _ in 0..<8 {
            hash = (hash ^ (rest & 0xff)) &* 0x100_0000_01b3
            rest >>= 8
        }
    }

    mutating func mix(_ text: String) {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }

    private mutating func mix(_ tag: Int, _ slot: SlotID, _ rest: Int = 0) {
        mix(tag << 48 | slot.index << 32 | slot.occupation)
        mix(rest)
    }

    private mutating func mix(_ event: PoolMachine.Event) {
        switch event {
        case .started: mix(1)
        case .woke: mix(2)
        case .requested(let request):
            mix(3)
            mix(request.id.number)
            mix(request.owner)
        case .cancelled(let request):
            mix(4)
            mix(request.number)
        case .launched(let slot): mix(5, slot)
        case .launchFailed(let slot, let blame): mix(6, slot, blame == .server ? 0 : 1)
        case .broke(let slot, let breakage): mix(7, slot, breakage == .crashed ? 0 : 1)
        case .ended(let slot): mix(8, slot)
        case .connected(let lease, let connection): mix(9, lease.slot, connection.number)
        case .disconnected(let lease, let connection): mix(10, lease.slot, connection.number)
        case .used(let lease): mix(11, lease.slot)
        case .activity(let lease, let last, let viewers):
            mix(12, lease.slot, viewers)
            mix(last?.nanoseconds ?? -1)
        case .finish(let lease, let reason):
            mix(13, lease.slot)
            mix(reason.rawValue)
        case .memory(let slot, let bytes): mix(14, slot, Int(bytes))
        case .sampled(let sample):
            mix(15)
            mix(Int(sample.host.processor ?? -1))
        case .drain(let by):
            mix(16)
            mix(by.nanoseconds)
        case .stop: mix(17)
        case .resume: mix(18)
        }
    }

    private mutating func mix(_ action: PoolMachine.Action) {
        switch action {
        case .launch(let slot, let properties):
            mix(32, slot, properties.headful ? 1 : 0)
            mix(properties.locale ?? "")
        case .grant(let request, let grant):
            mix(33, grant.lease.slot, request.number)
            mix(grant.expiresAt.nanoseconds)
            mix(grant.start.rawValue)
        case .refuse(let request, let refusal):
            mix(34)
            mix(request.number)
            mix(refusal.reason.word)
            mix(refusal.place ?? 0)
            mix(refusal.retryAfter?.wholeNanoseconds ?? -1)
        case .end(let slot, let lease, let reason):
            mix(35, slot, lease == nil ? 0 : 1)
            mix(reason.rawValue)
        case .kill(let slot): mix(36, slot)
        case .probeActivity(let lease): mix(37, lease.slot)
        case .drained: mix(38)
        }
    }
}
