// SPDX-License-Identifier: MIT
#pragma once
#include <curl/curl.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call.

static inline CURLcode pems_curl_set_number(CURL *curl, CURLoption option, long value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode pems_curl_set_text(CURL *curl, CURLoption option, const char *value) {
  return curl_easy_setopt(curl, option, value);
}

static inline CURLcode pems_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
  return curl_easy_setopt(curl, option, value);
}

// The body is not copied: it must live until the transfer ends.
static inline CURLcode pems_curl_set_body(CURL *curl, const void *bytes, curl_off_t count) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, count);
  return code ? code : curl_easy_setopt(curl, CURLOPT_POSTFIELDS, (const char *)bytes);
}

typedef size_t (*pems_curl_receiver)(const char *, size_t, size_t, void *);

static inline CURLcode pems_curl_set_body_receiver(
    CURL *curl, pems_curl_receiver receiver, void *user) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receiver);
  return code ? code : curl_easy_setopt(curl, CURLOPT_WRITEDATA, user);
}

static inline CURLcode pems_curl_set_header_receiver(
    CURL *curl, pems_curl_receiver receiver, void *user) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, receiver);
  return code ? code : curl_easy_setopt(curl, CURLOPT_HEADERDATA, user);
}

typedef int (*pems_curl_progress)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t);

static inline CURLcode pems_curl_set_progress(CURL *curl, pems_curl_progress progress, void *user) {
  CURLcode code = curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, progress);
  if (!code) code = curl_easy_setopt(curl, CURLOPT_XFERINFODATA, user);
  return code ? code : curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
}

static inline long pems_curl_status(CURL *curl) {
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  return status;
}
