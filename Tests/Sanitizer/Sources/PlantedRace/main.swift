// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

import Dispatch

// Two threads count without a lock. The sanitizer must say so: a check that cannot fail is none.
let counter = UnsafeMutablePointer<Int>.allocate(capacity: 1)
counter.initialize(to: 0)
DispatchQueue.concurrentPerform(iterations: 8) { _ in
    for _ in 0..<10_000 { counter.pointee += 1 }
}
print(counter.pointee)
