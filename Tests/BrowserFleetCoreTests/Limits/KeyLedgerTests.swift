// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BrowserFleetCore

@Suite("The ledger of keys")
struct KeyLedgerTests {
    private static func later(_ seconds: Int) -> FleetInstant {
        .origin.advanced(by: .seconds(seconds))
    }

    private static func claim(_ admission: KeyLedger.Admission) throws -> KeyLedger.Claim {
        guard case .admitted(let claim) = admission else {
            throw Refused(admission: admission)
        }
        return claim
    }

    private struct Refused: Error {
        let admission: KeyLedger.Admission
    }

    @Test("admits as many browsers at once as the key may have, and one more for each that ends")
    func concurrent() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(concurrentBrowsers: 2)
        let first = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        _ = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        let refusal = KeyRefusal(reason: .concurrentBrowsers(limit: 2), retryAfter: nil)
        let answer = ledger.admit("k", limits: limits, at: Self.later(999))
        #expect(answer == .refused(refusal))
        #expect(refusal.reason.word == "key-limit")

        ledger.release(first)
        _ = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        #expect(ledger.claimCount == 2)
        #expect(ledger.checkInvariants().isEmpty)
    }

    @Test("gives nothing back for a claim released twice")
    func doubleRelease() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(concurrentBrowsers: 2)
        let first = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        _ = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        let released = [ledger.release(first), ledger.release(first)]
        #expect(released == [true, false])
        #expect(ledger.usage(of: "k", limits: limits, at: .origin).concurrentBrowsers == 1)
        #expect(ledger.checkInvariants().isEmpty)
    }

    @Test("admits as many creates a minute as the key may make, and says when the next is")
    func rate() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(createsPerMinute: 6)
        for _ in 0..<6 {
            ledger.release(try Self.claim(ledger.admit("k", limits: limits, at: .origin)))
        }
        let refusal = KeyRefusal(reason: .createsPerMinute(limit: 6), retryAfter: .seconds(10))
        let answer = ledger.admit("k", limits: limits, at: .origin)
        #expect(answer == .refused(refusal))
        #expect(refusal.reason.word == "rate-limited")
        _ = try Self.claim(ledger.admit("k", limits: limits, at: Self.later(10)))
    }

    @Test("charges nothing for a refused create, so a storm of retries does not delay itself")
    func freeRefusals() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(concurrentBrowsers: 1, createsPerMinute: 2)
        let held = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        for _ in 0..<100 {
            guard case .refused(let refusal) = ledger.admit("k", limits: limits, at: .origin) else {
                Issue.record("admitted beyond the limit")
                return
            }
            #expect(refusal.reason == .concurrentBrowsers(limit: 1))
        }
        ledger.release(held)
        _ = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
    }

    @Test("counts each key on its own")
    func separate() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(concurrentBrowsers: 1, createsPerMinute: 1)
        _ = try Self.claim(ledger.admit("a", limits: limits, at: .origin))
        _ = try Self.claim(ledger.admit("b", limits: limits, at: .origin))
        #expect(ledger.keyCount == 2)
    }

    @Test(
        "admits nobody under a limit of zero, and says that waiting is no help",
        arguments: [
            KeyLimits(concurrentBrowsers: 0), KeyLimits(createsPerMinute: 0),
            KeyLimits(concurrentBrowsers: -4),
        ])
    func zero(limits: KeyLimits) {
        var ledger = KeyLedger()
        guard case .refused(let refusal) = ledger.admit("k", limits: limits, at: .origin) else {
            Issue.record("admitted under a limit of zero")
            return
        }
        #expect(refusal.retryAfter == nil)
        #expect(refusal.description.contains("may not create"))
        #expect(ledger.usage(of: "k", limits: limits, at: .origin).refusal == refusal)
    }

    @Test("admits everybody without limits")
    func unlimited() throws {
        var ledger = KeyLedger()
        for _ in 0..<1000 {
            _ = try Self.claim(ledger.admit("k", limits: .unlimited, at: .origin))
        }
        let usage = ledger.usage(of: "k", limits: .unlimited, at: .origin)
        #expect(usage.concurrentBrowsers == 1000)
        #expect(usage.createsLeft == nil)
        #expect(usage.refusal == nil)
    }

    @Test("tells what a key may still take")
    func usage() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(concurrentBrowsers: 5, createsPerMinute: 2)
        #expect(ledger.usage(of: "k", limits: limits, at: .origin).createsLeft == 2)
        for left in [1, 0] {
            _ = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
            #expect(ledger.usage(of: "k", limits: limits, at: .origin).createsLeft == left)
        }
        let usage = ledger.usage(of: "k", limits: limits, at: Self.later(10))
        #expect(usage.concurrentBrowsers == 2)
        #expect(usage.refusal?.retryAfter == .seconds(20))
    }

    @Test("follows limits that change while browsers are held")
    func changedLimits() throws {
        var ledger = KeyLedger()
        let wide = KeyLimits(concurrentBrowsers: 9, createsPerMinute: 9)
        for _ in 0..<3 { _ = try Self.claim(ledger.admit("k", limits: wide, at: .origin)) }
        let narrow = KeyLimits(concurrentBrowsers: 2, createsPerMinute: 9)
        let refusal = KeyRefusal(reason: .concurrentBrowsers(limit: 2), retryAfter: nil)
        let answer = ledger.admit("k", limits: narrow, at: .origin)
        #expect(answer == .refused(refusal))
        let slow = KeyLimits(createsPerMinute: 4)
        for _ in 0..<4 { _ = try Self.claim(ledger.admit("k", limits: slow, at: .origin)) }
        guard case .refused(let late) = ledger.admit("k", limits: slow, at: .origin) else {
            Issue.record("a changed rate forgot what was taken")
            return
        }
        #expect(late.retryAfter == .seconds(15))
    }

    @Test("forgets a key only when nothing is to be known of it")
    func pruning() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(createsPerMinute: 1)
        _ = try Self.claim(ledger.admit("holds", limits: .unlimited, at: .origin))
        ledger.release(try Self.claim(ledger.admit("recovers", limits: limits, at: .origin)))
        ledger.prune(at: Self.later(59))
        #expect(ledger.keyCount == 2)
        ledger.prune(at: Self.later(60))
        #expect(ledger.keyCount == 1)
        #expect(ledger.checkInvariants().isEmpty)
    }

    @Test("remembers nothing of a stranger who is refused")
    func strangers() {
        var ledger = KeyLedger()
        for number in 0..<100 {
            _ = ledger.admit("k\(number)", limits: KeyLimits(concurrentBrowsers: 0), at: .origin)
        }
        #expect(ledger.keyCount == 0)
    }

    @Test(
        "lowers a wish above the cap of a key",
        arguments: [
            (nil, PriorityClass.high, PriorityClass.high), (.normal, .high, .normal),
            (.normal, .low, .low), (.high, .normal, .normal), (.low, .normal, .low),
        ] as [(PriorityClass?, PriorityClass, PriorityClass)])
    func priority(cap: PriorityClass?, wish: PriorityClass, served: PriorityClass) {
        #expect(KeyLimits(priorityCap: cap).capped(wish) == served)
    }

    @Test("keeps its laws under any row of calls", arguments: UInt64(0)..<100)
    func anyRow(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var ledger = KeyLedger()
        var held: [String: [KeyLedger.Claim]] = [:]
        var now = FleetInstant.origin
        let limits = KeyLimits(concurrentBrowsers: 3, createsPerMinute: 30)
        for _ in 0..<300 {
            now = now.advanced(by: .milliseconds(Int.random(in: -500...3000, using: &generator)))
            let key = "k\(Int.random(in: 0..<4, using: &generator))"
            switch Int.random(in: 0..<5, using: &generator) {
            case 0, 1:
                if case .admitted(let claim) = ledger.admit(key, limits: limits, at: now) {
                    held[key, default: []].append(claim)
                }
            case 2, 3:
                if let claim = held[key]?.popLast() {
                    let released = ledger.release(claim)
                    #expect(released)
                }
            case _:
                ledger.prune(at: now)
            }
            let usage = ledger.usage(of: key, limits: limits, at: now)
            #expect(usage.concurrentBrowsers == held[key]?.count ?? 0)
            #expect(usage.concurrentBrowsers <= 3)
            #expect(ledger.checkInvariants().isEmpty)
        }
        #expect(ledger.claimCount == held.values.map(\.count).reduce(0, +))
    }

    @Test("a create that a gateway has counted is none of the minute here, but it is a browser")
    func countedElsewhere() throws {
        var ledger = KeyLedger()
        let limits = KeyLimits(concurrentBrowsers: 3, createsPerMinute: 1)
        _ = try Self.claim(ledger.admit("k", limits: limits, at: .origin))
        for _ in 0..<2 {
            _ = try Self.claim(
                ledger.admit("k", limits: limits, countsForRate: false, at: .origin))
        }
        let answer = ledger.admit("k", limits: limits, countsForRate: false, at: .origin)
        guard case .refused(let refusal) = answer else {
            Issue.record("a fourth browser was admitted")
            return
        }
        #expect(refusal.reason == .concurrentBrowsers(limit: 3))
    }
}
