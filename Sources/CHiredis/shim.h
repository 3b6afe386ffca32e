/* Copyright (c) 2026 the BrowserFleet authors
 * SPDX-License-Identifier: Apache-2.0 */

#include <hiredis/hiredis.h>
