// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import HTTPTypes
import NIOHTTP1

extension InternalSigner {
    /// Whether a request is signed by a server of this fleet, before anything else of it is read.
    func signed(_ head: HTTPRequestHead, at now: Timestamp) -> Bool {
        // Almost every request comes from a client, and this is all that it costs.
        guard head.headers.contains(name: InternalHeader.signature) else { return false }
        var fields = HTTPFields()
        for word in InternalHeader.all {
            guard let name = HTTPField.Name(word) else { continue }
            fields[values: name] = head.headers[word]
        }
        let call = try? verify(
            method: head.method.rawValue, target: head.uri, fields, at: now)
        return call != nil
    }
}
