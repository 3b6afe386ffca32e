// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import BrowserFleetAPI
import BrowserFleetCore
import BrowserFleetRuntime

extension Problem {
    /// What a caller is told when the store did not do what was asked. A store that is away comes
    /// back, and who was too late tries again.
    init(_ error: StoreError) {
        let pause: Duration? =
            switch error.code {
            case .unavailable, .contention, .outcomeUnknown: .seconds(2)
            case .unusable: .seconds(30)
            case .refused(.noServer): .seconds(5)
            case .refused, .unreadable: nil
            }
        self.init(
            ProblemCode(rawValue: error.code.word) ?? .internal, error.message, retryAfter: pause)
    }
}
