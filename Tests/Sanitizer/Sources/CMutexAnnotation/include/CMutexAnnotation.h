// Copyright (c) 2026 the BrowserFleet authors
// SPDX-License-Identifier: Apache-2.0

// Tells the thread sanitizer of locks that it cannot see being taken; linking it is enough.
//
// The quick path of Swift's Mutex is compiled into whoever uses it, and the sanitizer sees its
// atomic operations. The slow path, taken when threads contend, lies in libswiftSynchronization,
// which is built without the sanitizer: two holders of one lock then look like a race. The three
// functions of that path are defined here once more, under their own names: they call the
// library's and say what those did.
