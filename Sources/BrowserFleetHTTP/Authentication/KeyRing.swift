// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

public import BrowserFleetAPI
public import BrowserFleetCore
import Crypto
import Synchronization

/// The API keys of a server: those of its keys file, and those of its settings.
///
/// The file is read again when it has changed, so keys made or revoked by another process count
/// within a second.
public final class KeyRing: Sendable {
    /// A key that was just made, with its text, which nobody can learn later.
    public struct NewKey: Sendable {
        /// The key as the server keeps it.
        public let key: APIKey
        /// What the client sends.
        public let secret: String
    }

    private struct State {
        var fileKeys: [APIKey] = []
        var byHash: [String: APIKey] = [:]
        var stamp: PrivateFile.Stamp?
        var checkedAt: FleetInstant?
    }

    private let path: String?
    private let settingsKeys: [APIKey]
    private let now: @Sendable () -> FleetInstant
    private let state = Mutex(State())

    /// Opens a ring.
    ///
    /// - Parameters:
    ///   - path: the keys file; need not exist. `nil` keeps no file.
    ///   - adminSecrets: keys of the settings, by their text; each has every scope.
    ///   - now: a monotonic clock, for the pace of looking at the file.
    /// - Throws: ``KeyRingError`` when the file is there and cannot be used.
    public init(
        path: String?, adminSecrets: [String] = [], now: @escaping @Sendable () -> FleetInstant
    ) throws(KeyRingError) {
        self.path = path
        self.now = now
        settingsKeys = adminSecrets.enumerated().map { index, secret in
            APIKey(
                id: "settings-\(index + 1)", name: "settings \(index + 1)",
                hash: APIKey.hash(of: secret), scopes: Set(KeyScope.allCases), limits: .unlimited,
                createdAt: Timestamp(millisecondsSince1970: 0))
        }
        try reload()
    }

    /// All keys, those of the settings first.
    public var keys: [APIKey] { settingsKeys + state.withLock(\.fileKeys) }

    /// Whether there is no key at all.
    public var isEmpty: Bool { keys.isEmpty }

    /// The key with this text; `nil` if there is none, or no longer.
    ///
    /// The text is looked up by its digest, so the time taken says nothing about how much of it
    /// was right.
    public func key(for secret: String) -> APIKey? {
        reloadIfChanged()
        let hash = APIKey.hash(of: secret)
        return state.withLock { $0.byHash[hash] }
    }

    /// Makes a key and writes the file.
    ///
    /// - Parameters:
    ///   - name: 1 to 64 printable ASCII characters, not in use.
    ///   - scopes: what it allows.
    ///   - limits: what it may take.
    ///   - createdAt: the present time.
    /// - Returns: the key with its text.
    /// - Throws: ``KeyRingError``.
    public func create(
        name: String, scopes: Set<KeyScope>, limits: KeyLimits = .unlimited, createdAt: Timestamp
    ) throws(KeyRingError) -> NewKey {
        guard let path else { throw KeyRingError(.noFile, "This ring has no keys file.") }
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (0x20..<0x7f) ~= $0 })
        else {
            throw KeyRingError(
                .invalidName, "A key's name has 1 to 64 printable ASCII characters.")
        }
        try reload()
        guard !keys.contains(where: { $0.name == name }) else {
            throw KeyRingError(.nameTaken, "There is a key '\(name)'; revoke it first.")
        }
        let secret = "bf_" + Base64.encodeForURL(Self.randomBytes(32))
        let key = APIKey(
            id: "key-" + Self.randomBytes(6).hexadecimal, name: name,
            hash: APIKey.hash(of: secret), scopes: scopes, limits: limits, createdAt: createdAt)
        try KeyFile.save(state.withLock(\.fileKeys) + [key], to: path)
        try reload()
        return NewKey(key: key, secret: secret)
    }

    /// Removes a key by name or ID and writes the file.
    ///
    /// - Returns: the key that was.
    /// - Throws: ``KeyRingError``.
    @discardableResult
    public func revoke(_ nameOrID: String) throws(KeyRingError) -> APIKey {
        guard let path else { throw KeyRingError(.noFile, "This ring has no keys file.") }
        try reload()
        var keys = state.withLock(\.fileKeys)
        guard
            let index = keys.firstIndex(where: { $0.name == nameOrID || $0.id == nameOrID })
        else { throw KeyRingError(.unknownKey, "There is no key '\(nameOrID)' in \(path).") }
        let key = keys.remove(at: index)
        try KeyFile.save(keys, to: path)
        try reload()
        return key
    }

    /// Reads the file again.
    ///
    /// - Throws: ``KeyRingError``; the keys stay as they were.
    public func reload() throws(KeyRingError) {
        let stamp = path.flatMap(PrivateFile.stamp)
        let loaded = try path.map(KeyFile.load) ?? []
        let pairs = (settingsKeys + loaded).map { ($0.hash, $0) }
        let instant = now()
        state.withLock { state in
            state.fileKeys = loaded
            state.byHash = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
            state.stamp = stamp
            state.checkedAt = instant
        }
    }

    private func reloadIfChanged() {
        guard let path else { return }
        let instant = now()
        let stamp = state.withLock { state -> PrivateFile.Stamp?? in
            if let last = state.checkedAt, last.duration(to: instant) < .seconds(1) { return nil }
            state.checkedAt = instant
            return .some(state.stamp)
        }
        guard let stamp, PrivateFile.stamp(path) != stamp else { return }
        // A file that is broken for a moment must not lock everybody out.
        try? reload()
    }

    /// Bytes from the system's generator.
    static func randomBytes(_ count: Int) -> [UInt8] {
        unsafe SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { bytes in
            unsafe Array(bytes)
        }
    }
}
