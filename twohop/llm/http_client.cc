#include "twohop/llm/http_client.h"

#include <array>
#include <utility>

#include <curl/curl.h>
#include <fmt/format.h>

#include "twohop/base/check.h"

namespace twohop::llm_internal {
namespace {

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

void InitializeCurlOnce() {
  static const CURLcode result = curl_global_init(CURL_GLOBAL_DEFAULT);
  TWOHOP_CHECK(result == CURLE_OK);
}

bool IsLoopback(std::string_view url) {
  const std::string_view host = url.substr(url.find("://") + 3);
  return host.starts_with("127.") || host.starts_with("localhost") || host.starts_with("[::1]");
}

HeaderList MakeHeaders(const Endpoint& endpoint) {
  curl_slist* list = curl_slist_append(nullptr, "Content-Type: application/json");
  // Without this, libcurl asks before it sends a long body and waits a second for the permission.
  list = curl_slist_append(list, "Expect:");
  if (!endpoint.api_key.empty()) {
    list = curl_slist_append(list, ("Authorization: Bearer " + endpoint.api_key).c_str());
  }
  return HeaderList(list, &curl_slist_free_all);
}

struct Received {
  std::string body;
  std::size_t limit = 0;
  bool too_large = false;
};

std::size_t Receive(char* bytes, std::size_t unit, std::size_t count, void* target) {
  auto* received = static_cast<Received*>(target);
  const std::size_t size = unit * count;
  if (size > received->limit - received->body.size()) {
    received->too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  received->body.append(bytes, size);
  return size;
}

}  // namespace

// A libcurl handle with the connection that it keeps open between calls. It sits in a multi handle
// of its own because only that can be woken: a stop ends the wait at once.
class HttpClient::Connection {
 public:
  explicit Connection(const Endpoint& endpoint)
      : endpoint_(endpoint),
        headers_(MakeHeaders(endpoint)),
        multi_(curl_multi_init()),
        easy_(curl_easy_init()) {
    TWOHOP_CHECK(multi_ != nullptr && easy_ != nullptr);
    SetFixedOptions();
  }

  ~Connection() {
    curl_easy_cleanup(easy_);
    curl_multi_cleanup(multi_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<HttpReply> Post(std::string_view path, const std::string& body, Milliseconds timeout,
                         std::stop_token stop) {
    Received received{.body = {}, .limit = endpoint_.max_response_bytes};
    const std::string url = endpoint_.base_url + std::string(path);
    Set(CURLOPT_URL, url.c_str());
    Set(CURLOPT_POSTFIELDS, body.c_str());
    Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    Set(CURLOPT_WRITEDATA, &received);
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    const std::optional<CURLcode> done = RunUntilDone(stop);
    if (!done) return Cancelled("stop requested while waiting for the model");
    if (received.too_large) {
      return Internal(
          fmt::format("the server's answer exceeds {} bytes", endpoint_.max_response_bytes));
    }
    if (*done != CURLE_OK) return TransportError(*done);
    return Reply(std::move(received.body));
  }

 private:
  template <typename Value>
  void Set(CURLoption option, Value value) {
    TWOHOP_CHECK(curl_easy_setopt(easy_, option, value) == CURLE_OK);
  }

  void SetFixedOptions() {
    Set(CURLOPT_NOSIGNAL, 1L);
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_HTTPHEADER, headers_.get());
    Set(CURLOPT_WRITEFUNCTION, &Receive);
    Set(CURLOPT_ERRORBUFFER, reason_.data());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(endpoint_.connect_timeout.count()));
    Set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    if (!endpoint_.unix_socket.empty()) {
      Set(CURLOPT_UNIX_SOCKET_PATH, endpoint_.unix_socket.c_str());
    }
    // A proxy from the environment does not lead to this machine.
    if (!endpoint_.unix_socket.empty() || IsLoopback(endpoint_.base_url)) {
      Set(CURLOPT_NOPROXY, "*");
    }
  }

  // Nothing if a stop was requested first.
  std::optional<CURLcode> RunUntilDone(std::stop_token stop) {
    reason_[0] = '\0';
    TWOHOP_CHECK(curl_multi_add_handle(multi_, easy_) == CURLM_OK);
    const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_); });
    std::optional<CURLcode> result;
    int running = 1;
    while (!stop.stop_requested()) {
      CURLMcode code = curl_multi_perform(multi_, &running);
      if (code == CURLM_OK && running == 0) {
        result = TakeResult();
        break;
      }
      constexpr int kLongestWaitMs = 1'000;
      if (code == CURLM_OK) code = curl_multi_poll(multi_, nullptr, 0, kLongestWaitMs, nullptr);
      if (code != CURLM_OK) {
        result = CURLE_FAILED_INIT;
        break;
      }
    }
    curl_multi_remove_handle(multi_, easy_);  // Closes a connection that was in use.
    return result;
  }

  CURLcode TakeResult() {
    int left = 0;
    const CURLMsg* message = curl_multi_info_read(multi_, &left);
    return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
  }

  tl::unexpected<Error> TransportError(CURLcode code) const {
    const std::string message =
        fmt::format("cannot reach the model server at {}: {}", Name(),
                    reason_[0] != '\0' ? reason_.data() : curl_easy_strerror(code));
    switch (code) {
      case CURLE_OPERATION_TIMEDOUT:
        return DeadlineExceeded(message);
      case CURLE_URL_MALFORMAT:
      case CURLE_UNSUPPORTED_PROTOCOL:
        return InvalidArgument(message);
      case CURLE_PEER_FAILED_VERIFICATION:
        return FailedPrecondition(message);
      default:
        return Unavailable(message);
    }
  }

  std::string Name() const {
    return endpoint_.unix_socket.empty() ? endpoint_.base_url : endpoint_.unix_socket;
  }

  HttpReply Reply(std::string body) const {
    long status = 0;
    curl_off_t retry_after_s = 0;
    curl_off_t total_us = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy_, CURLINFO_RETRY_AFTER, &retry_after_s);
    curl_easy_getinfo(easy_, CURLINFO_TOTAL_TIME_T, &total_us);
    HttpReply reply{.status = static_cast<int>(status), .body = std::move(body)};
    if (retry_after_s > 0) reply.retry_after = std::chrono::seconds(retry_after_s);
    reply.seconds = static_cast<double>(total_us) * 1e-6;
    return reply;
  }

  const Endpoint& endpoint_;
  HeaderList headers_;
  CURLM* multi_;
  CURL* easy_;
  std::array<char, CURL_ERROR_SIZE> reason_ = {};
};

HttpClient::HttpClient(const Endpoint& endpoint) : endpoint_(endpoint) { InitializeCurlOnce(); }

HttpClient::~HttpClient() = default;

Result<HttpReply> HttpClient::Post(std::string_view path, const std::string& body,
                                   Milliseconds timeout, std::stop_token stop) {
  std::unique_ptr<Connection> connection = Borrow(stop);
  if (!connection) return Cancelled("stop requested while waiting for a free connection");
  Result<HttpReply> reply = connection->Post(path, body, timeout, stop);
  Return(std::move(connection));
  return reply;
}

std::unique_ptr<HttpClient::Connection> HttpClient::Borrow(std::stop_token stop) {
  MutexLock lock(mutex_);
  if (!returned_.Wait(mutex_, stop, [&]() TWOHOP_REQUIRES(mutex_) {
        return in_use_ < endpoint_.max_concurrency;
      })) {
    return nullptr;
  }
  ++in_use_;
  if (idle_.empty()) return std::make_unique<Connection>(endpoint_);
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void HttpClient::Return(std::unique_ptr<Connection> connection) {
  MutexLock lock(mutex_);
  --in_use_;
  idle_.push_back(std::move(connection));
  returned_.NotifyOne();
}

}  // namespace twohop::llm_internal
