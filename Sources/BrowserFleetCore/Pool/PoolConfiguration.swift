// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

/// A timeout that the operator sets and a client may choose within.
public struct TimeoutRule: Hashable, Sendable {
    /// Taken when the client chooses nothing.
    public var standard: Duration
    /// The most a client can have.
    public var most: Duration

    /// Creates a rule; without `most`, clients can only shorten the standard.
    public init(_ standard: Duration, most: Duration? = nil) {
        self.standard = standard
        self.most = max(standard, most ?? standard)
    }

    /// What a client that chose `choice` gets: never negative, never more than ``most``.
    public func resolve(_ choice: Duration?) -> Duration {
        max(.zero, min(choice ?? standard, most))
    }
}

/// How launches are paced and when a launch is given up.
public struct LaunchLimits: Hashable, Sendable {
    /// Launches under way at once; about as many as there are cores.
    public var concurrency: Int
    /// A launch that has not answered by then is killed and counted as failed.
    public var deadline: Duration
    /// An end that has not finished by then is asked for again, by force.
    public var endDeadline: Duration
    /// Failed launches in a row after which the pool quarantines itself.
    public var quarantineAfter: Int
    /// Failed launches in a row with properties of a client's own after which the callers that
    /// want these properties are refused.
    public var attemptsPerProperties: Int
    /// Pause after the first failed launch; doubles with every further one.
    public var firstBackOff: Duration
    /// The longest pause, also between probing launches in quarantine.
    public var longestBackOff: Duration

    /// Creates limits.
    public init(
        concurrency: Int = 2, deadline: Duration = .seconds(20),
        endDeadline: Duration = .seconds(10), quarantineAfter: Int = 5,
        attemptsPerProperties: Int = 3, firstBackOff: Duration = .milliseconds(250),
        longestBackOff: Duration = .seconds(30)
    ) {
        self.concurrency = concurrency
        self.deadline = deadline
        self.endDeadline = endDeadline
        self.quarantineAfter = quarantineAfter
        self.attemptsPerProperties = attemptsPerProperties
        self.firstBackOff = firstBackOff
        self.longestBackOff = longestBackOff
    }
}

/// When the machine the pool runs on is too busy for another lease.
public struct PressureLimits: Hashable, Sendable {
    /// Smoothed processor use, in per cent of what is there, from which on leases are refused;
    /// 100 is no limit.
    public var processor: Double
    /// The same for memory.
    public var memory: Double
    /// How far below the limit the smoothed value must fall before leases are granted again.
    public var relief: Double
    /// Time constant of the smoothing: a step is followed to one half after this long.
    public var smoothing: Duration

    /// Creates limits.
    public init(
        processor: Double = 90, memory: Double = 90, relief: Double = 5,
        smoothing: Duration = .seconds(20)
    ) {
        self.processor = processor
        self.memory = memory
        self.relief = relief
        self.smoothing = smoothing
    }
}

/// Everything an operator decides about one server's pool. Values out of range are held to the
/// nearest that makes sense when a machine is made; the settings layer refuses them earlier.
public struct PoolConfiguration: Hashable, Sendable {
    /// Slots: browsers that exist at once, in whatever state.
    public var maxBrowsers: Int
    /// Leases at once; never more than ``maxBrowsers``.
    public var maxLeases: Int
    /// Ordinary headless browsers kept ready.
    public var warmHeadless: Int
    /// Ordinary headful browsers kept ready.
    public var warmHeadful: Int
    /// How long a warm browser beyond what is kept ready may stay.
    public var surplusTimeout: Duration
    /// Callers that may wait at once for somebody else's lease to end. Those whom an empty slot
    /// will serve once its browser is up are not counted.
    public var queueBound: Int
    /// How long a caller may wait.
    public var queueTimeout: TimeoutRule
    /// See ``LeaseTerms/idleTimeout``.
    public var idleTimeout: TimeoutRule
    /// See ``LeaseTerms/maxLifetime``.
    public var maxLifetime: TimeoutRule
    /// By how many per cent at most a lifetime is shortened at random, so that leases made together
    /// do not end together.
    public var lifetimeJitter: Int
    /// See ``LeaseTerms/connectTimeout``.
    public var connectTimeout: TimeoutRule
    /// See ``LeaseTerms/keepAlive``; the standard is the disconnect grace.
    public var disconnectGrace: TimeoutRule
    /// Bytes of one browser's process tree (PSS) over which it is ended; `nil` is no limit.
    public var memoryLimit: Int64?
    /// How launches are paced.
    public var launch: LaunchLimits
    /// When the machine is too busy.
    public var pressure: PressureLimits

    /// Creates a configuration with the defaults of the settings.
    public init(
        maxBrowsers: Int, maxLeases: Int? = nil, warmHeadless: Int = 2, warmHeadful: Int = 0,
        surplusTimeout: Duration = .seconds(60), queueBound: Int = 100,
        queueTimeout: TimeoutRule = TimeoutRule(.seconds(30)),
        idleTimeout: TimeoutRule = TimeoutRule(.seconds(300)),
        maxLifetime: TimeoutRule = TimeoutRule(.seconds(1800)), lifetimeJitter: Int = 5,
        connectTimeout: TimeoutRule = TimeoutRule(.seconds(120)),
        disconnectGrace: TimeoutRule = TimeoutRule(.seconds(10), most: .seconds(300)),
        memoryLimit: Int64? = 1 << 30, launch: LaunchLimits = LaunchLimits(),
        pressure: PressureLimits = PressureLimits()
    ) {
        self.maxBrowsers = maxBrowsers
        self.maxLeases = maxLeases ?? maxBrowsers
        self.warmHeadless = warmHeadless
        self.warmHeadful = warmHeadful
        self.surplusTimeout = surplusTimeout
        self.queueBound = queueBound
        self.queueTimeout = queueTimeout
        self.idleTimeout = idleTimeout
        self.maxLifetime = maxLifetime
        self.lifetimeJitter = lifetimeJitter
        self.connectTimeout = connectTimeout
        self.disconnectGrace = disconnectGrace
        self.memoryLimit = memoryLimit
        self.launch = launch
        self.pressure = pressure
    }

    /// Creates a configuration with the defaults of the settings and `warm` headless browsers kept
    /// ready: all that most embedders decide.
    public init(maxBrowsers: Int, warm: Int) {
        self.init(maxBrowsers: maxBrowsers, warmHeadless: warm)
    }

    /// This configuration with every value held to its sensible range.
    package var normalized: PoolConfiguration {
        var copy = self
        copy.maxBrowsers = max(0, maxBrowsers)
        copy.maxLeases = max(min(1, copy.maxBrowsers), min(maxLeases, copy.maxBrowsers))
        copy.warmHeadless = max(0, min(warmHeadless, copy.maxBrowsers))
        copy.warmHeadful = max(0, min(warmHeadful, copy.maxBrowsers - copy.warmHeadless))
        copy.queueBound = max(0, queueBound)
        copy.lifetimeJitter = max(0, min(lifetimeJitter, 50))
        copy.launch = launch.normalized
        return copy
    }

    /// How many browsers with `properties` are kept ready.
    package func keptWarm(_ properties: LaunchProperties) -> Int {
        guard properties.isPlain else { return 0 }
        return properties.headful ? warmHeadful : warmHeadless
    }
}

extension LaunchLimits {
    fileprivate var normalized: LaunchLimits {
        var copy = self
        copy.concurrency = max(1, concurrency)
        copy.deadline = max(.milliseconds(1), deadline)
        copy.endDeadline = max(.milliseconds(1), endDeadline)
        copy.quarantineAfter = max(1, quarantineAfter)
        copy.attemptsPerProperties = max(1, attemptsPerProperties)
        copy.firstBackOff = max(.milliseconds(1), firstBackOff)
        copy.longestBackOff = max(copy.firstBackOff, longestBackOff)
        return copy
    }
}
