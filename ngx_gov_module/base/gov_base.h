
/*
 * Copyright (C) ngx_gov authors
 *
 * base: what every room stands on.  Nothing here knows a site, a store or
 * nginx; a header below is one subject:
 *
 *     gov_str.h      strings, the arena they live in
 *     gov_err.h      result codes and the first failure's sentence
 *     gov_value.h    value trees and their JSON form
 *     gov_said.h     sentences of a verdict in both languages
 *     gov_text.h     escaping, UTF-8, hexadecimal, dates, CSV, forms
 *     gov_id.h       digests, operation ids, the clock
 *     gov_pack.h     bytes made smaller
 *     gov_seal.h     secrets under a key
 *     gov_point.h    where a test may end the process
 */


#ifndef _GOV_BASE_H_INCLUDED_
#define _GOV_BASE_H_INCLUDED_


#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/gov_str.h"
#include "base/gov_err.h"
#include "base/gov_value.h"
#include "base/gov_said.h"
#include "base/gov_text.h"
#include "base/gov_id.h"
#include "base/gov_pack.h"
#include "base/gov_seal.h"
#include "base/gov_point.h"
#include "base/gov_media.h"


#endif /* _GOV_BASE_H_INCLUDED_ */
