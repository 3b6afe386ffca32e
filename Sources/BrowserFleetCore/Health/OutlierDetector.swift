// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// Takes servers out of the choice for a while that fail real calls, whatever their checks say
/// (Envoy's outlier detection with consecutive gateway errors).
///
/// Each further ejection lasts longer by the base time, and a server that behaves earns its way
/// back one step for each base time. At most a share of the fleet is out at once. What is ejected
/// gets no new browsers; its leases are not touched.
public struct OutlierDetector: Equatable, Sendable {
    /// When to eject, and for how long.
    public struct Limits: Hashable, Sendable {
        /// Failed calls in a row that eject.
        public var failures: Int
        /// How long the first ejection lasts; the n-th lasts n times as long.
        public var base: Duration
        /// The longest ejection.
        public var longest: Duration
        /// The share of the known servers that may be out at once; one always may.
        public var share: Double

        /// Creates limits; the defaults are Envoy's.
        public init(
            failures: Int = 5, base: Duration = .seconds(30), longest: Duration = .seconds(300),
            share: Double = 0.1
        ) {
            self.failures = max(1, failures)
            self.base = base
            self.longest = max(base, longest)
            self.share = share
        }
    }

    /// What is remembered of one server.
    private struct Record: Equatable, Sendable {
        var failures = 0
        /// How often it was ejected, less what it earned back.
        var ejections = 0
        var until: FleetInstant?
        /// Since when it may earn a step back.
        var goodSince = FleetInstant.origin
    }

    private let limits: Limits
    private var records: [ServerName: Record] = [:]

    /// Creates a detector that has seen nothing.
    public init(limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether a server is out of the choice at `now`.
    public func isEjected(_ server: ServerName, at now: FleetInstant) -> Bool {
        records[server]?.until.map { now < $0 } ?? false
    }

    /// A real call to a server ended.
    ///
    /// - Parameters:
    ///   - server: whom it went to.
    ///   - failed: whether the server broke it: no connection, no answer, or an answer that only a
    ///     broken server gives. A refusal in good order is no failure.
    ///   - known: servers in the fleet.
    ///   - now: the present.
    /// - Returns: how long the server is out, if this call ejected it.
    public mutating func observe(
        _ server: ServerName, failed: Bool, known: Int, at now: FleetInstant
    ) -> Duration? {
        var record = records[server] ?? Record()
        forgive(&record, at: now)
        record.failures = failed ? record.failures + 1 : 0
        let isOut = record.until.map { now < $0 } ?? false
        let isDue = record.failures >= limits.failures && !isOut
        guard isDue, ejected(at: now) < max(1, Int(limits.share * Double(known))) else {
            keep(record, of: server)
            return nil
        }
        record.failures = 0
        record.ejections += 1
        let time = min(limits.base * record.ejections, limits.longest)
        record.until = now.advanced(by: time)
        record.goodSince = now.advanced(by: time)
        keep(record, of: server)
        return time
    }

    /// A server left the fleet.
    public mutating func forget(_ server: ServerName) { records[server] = nil }

    private func ejected(at now: FleetInstant) -> Int {
        records.values.count { record in record.until.map { now < $0 } ?? false }
    }

    private func forgive(_ record: inout Record, at now: FleetInstant) {
        while record.ejections > 0, record.goodSince.advanced(by: limits.base) <= now {
            record.ejections -= 1
            record.goodSince = record.goodSince.advanced(by: max(.seconds(1), limits.base))
        }
    }

    /// Nothing is kept of a server about which there is nothing to say.
    private mutating func keep(_ record: Record, of server: ServerName) {
        let isBlank = record.failures == 0 && record.ejections == 0
        records[server] = isBlank ? nil : record
    }
}
