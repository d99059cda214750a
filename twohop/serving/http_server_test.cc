#include "twohop/serving/http_server.h"

#include <latch>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/status_matchers.h"
#include "twohop/serving/testing/raw_http_client.h"

namespace twohop {
namespace {

using testing::HasSubstr;

constexpr std::string_view kGet = "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";

class HttpServerTest : public testing::Test {
 protected:
  // A server that answers with what it was asked.
  void Start(HttpServerOptions options = {}) {
    StartWith(std::move(options), [](const HttpRequest& request) {
      return HttpResponse{
          .content_type = "text/plain",
          .body = fmt::format("{} {} {}", request.method, request.target, request.body)};
    });
  }

  void StartWith(HttpServerOptions options, HttpHandler handler) {
    auto server = HttpServer::Start(options, std::move(handler));
    ASSERT_THAT(server, IsOk());
    server_ = *std::move(server);
    client_ = std::make_unique<RawHttpClient>(server_->port());
  }

  // What the server says to these bytes alone on a new connection; "" if it just ends it.
  std::string AnswerTo(std::string_view bytes) {
    RawHttpClient client(server_->port());
    client.Send(bytes);
    const auto response = client.Receive();
    return response ? fmt::format("{} {}", response->status, response->body) : "";
  }

  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttpClient> client_;
};

TEST_F(HttpServerTest, PortZeroBecomesAFreePort) {
  Start();
  EXPECT_NE(server_->port(), 0);
  EXPECT_TRUE(client_->connected());
}

TEST_F(HttpServerTest, TheHandlerSeesMethodTargetHeadersAndBody) {
  StartWith({}, [](const HttpRequest& request) {
    return HttpResponse{.body = fmt::format("{} {} {} {}", request.method, request.target,
                                            *request.FindHeader("x-a"), request.body)};
  });
  client_->Send("POST /a?b=c HTTP/1.1\r\nHost: t\r\nX-A: v\r\nContent-Length: 4\r\n\r\nbody");
  EXPECT_EQ(client_->Receive()->body, "POST /a?b=c v body");
}

TEST_F(HttpServerTest, StatusTypeAndHeadersOfTheHandlerAreSent) {
  StartWith({}, [](const HttpRequest&) {
    return HttpResponse{.status = 404,
                        .content_type = "text/x",
                        .body = "no",
                        .headers = {{"X-B", "w"}, {"Allow", "GET"}}};
  });
  const auto response = client_->Get("/");
  EXPECT_EQ(response->status, 404U);
  EXPECT_EQ(response->Header("Content-Type"), "text/x");
  EXPECT_EQ(response->Header("X-B"), "w");
  EXPECT_EQ(response->Header("Allow"), "GET");
  EXPECT_EQ(response->body, "no");
}

TEST_F(HttpServerTest, OneConnectionServesManyRequests) {
  Start();
  EXPECT_EQ(client_->Get("/1")->body, "GET /1 ");
  EXPECT_EQ(client_->Get("/2")->body, "GET /2 ");
  EXPECT_EQ(client_->Post("/3", "x")->body, "POST /3 x");
  EXPECT_EQ(server_->stats().accepted, 1U);
}

TEST_F(HttpServerTest, PipelinedRequestsAreAnsweredInOrder) {
  Start();
  client_->Send(
      "GET /1 HTTP/1.1\r\n\r\nPOST /2 HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET /3 "
      "HTTP/1.1\r\n\r\n");
  EXPECT_EQ(client_->Receive()->body, "GET /1 ");
  EXPECT_EQ(client_->Receive()->body, "POST /2 x");
  EXPECT_EQ(client_->Receive()->body, "GET /3 ");
}

TEST_F(HttpServerTest, ARequestMayComeByteByByte) {
  Start();
  for (const char byte : kGet) client_->Send(std::string(1, byte));
  EXPECT_EQ(client_->Receive()->status, 200U);
}

TEST_F(HttpServerTest, ChunkedBodiesArePutTogether) {
  Start();
  client_->Send(
      "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_EQ(client_->Receive()->body, "POST /c abcde");
}

TEST_F(HttpServerTest, AClientThatAsksFirstIsToldToGoOn) {
  Start();
  client_->Send("POST /e HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client_->Receive()->status, 100U);
  client_->Send("ok");
  EXPECT_EQ(client_->Receive()->body, "POST /e ok");
}

TEST_F(HttpServerTest, HeadHasTheLengthOfGetAndNoBody) {
  Start();
  const std::string length = client_->Get("/hi")->Header("Content-Length");
  client_->Send("HEAD /h HTTP/1.1\r\n\r\nGET /next HTTP/1.1\r\n\r\n");
  const auto head = client_->ReceiveHead();
  ASSERT_TRUE(head.has_value());
  EXPECT_EQ(head->Header("Content-Length"), length);
  EXPECT_EQ(client_->Receive()->body, "GET /next ");
}

TEST_F(HttpServerTest, ConnectionCloseIsObeyed) {
  Start();
  client_->Send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client_->Receive()->Header("Connection"), "close");
  EXPECT_TRUE(client_->IsEnded());
}

TEST_F(HttpServerTest, Http10ClosesUnlessItAsksForKeepAlive) {
  Start();
  client_->Send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(client_->Receive()->Header("Connection"), "keep-alive");
  client_->Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client_->Receive()->status, 200U);
  EXPECT_TRUE(client_->IsEnded());
}

TEST_F(HttpServerTest, GarbageIsABadRequest) {
  Start();
  const std::string expected =
      R"(400 {"error":{"code":"InvalidArgument","message":"not an HTTP/1.1 request"}})";
  EXPECT_EQ(AnswerTo("\x16\x03\x01 hello, are you TLS?\r\n\r\n"), expected);
  EXPECT_EQ(AnswerTo("GET\r\n\r\n"), expected);
  EXPECT_EQ(AnswerTo("GET / HTTP/9.9\r\n\r\n"), expected);
  EXPECT_EQ(AnswerTo("GET / HTTP/1.1\r\nno colon\r\n\r\n"), expected);
  EXPECT_EQ(AnswerTo("POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"), expected);
  EXPECT_EQ(AnswerTo("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
            expected);
  EXPECT_EQ(AnswerTo("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), expected);
  EXPECT_EQ(server_->stats().malformed, 7U);
}

TEST_F(HttpServerTest, TwoLengthsOfOneBodyAreRefused) {
  Start();
  EXPECT_THAT(AnswerTo("POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                       "0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
              HasSubstr("400"));
}

TEST_F(HttpServerTest, AHeaderAboveTheLimitIs431) {
  Start({.max_header_bytes = 1000});
  EXPECT_THAT(
      AnswerTo("GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n"),
      HasSubstr("431 {\"error\":{\"code\":\"InvalidArgument\",\"message\":\"header is above "
                "1000 bytes\"}}"));
  EXPECT_THAT(AnswerTo("GET / HTTP/1.1\r\nX: " + std::string(900, 'x') + "\r\n\r\n"),
              HasSubstr("200"));
}

TEST_F(HttpServerTest, AnEndlessHeaderIsCutOff) {
  Start({.linger_timeout = Milliseconds(20)});
  client_->Send("GET / HTTP/1.1\r\nX: ");
  const std::string piece(4096, 'x');
  while (client_->Send(piece)) {
  }
  EXPECT_EQ(server_->stats().malformed, 1U);
}

TEST_F(HttpServerTest, ABodyAboveTheLimitIs413BeforeItIsRead) {
  Start({.max_body_bytes = 10});
  EXPECT_THAT(
      AnswerTo("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n"),
      HasSubstr("413 {\"error\":{\"code\":\"InvalidArgument\",\"message\":\"body is above 10 "
                "bytes\"}}"));
  EXPECT_THAT(AnswerTo("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789"),
              HasSubstr("200"));
}

TEST_F(HttpServerTest, AChunkedBodyAboveTheLimitIs413) {
  Start({.max_body_bytes = 10});
  EXPECT_THAT(AnswerTo("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n12345678\r\n8\r\n"
                       "12345678\r\n0\r\n\r\n"),
              HasSubstr("413"));
}

TEST_F(HttpServerTest, TheAnswerReachesAClientThatIsStillSending) {
  Start({.max_body_bytes = 10});
  const std::string body(3'000'000, 'x');
  EXPECT_THAT(
      AnswerTo(fmt::format("POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}", body.size(), body)),
      HasSubstr("413"));
}

TEST_F(HttpServerTest, AClientThatLeavesMidRequestIsForgotten) {
  Start();
  for (const std::string_view half :
       {"", "GE", "GET / HTTP/1.1\r\nHos", "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf"}) {
    RawHttpClient client(server_->port());
    client.Send(half);
    client.EndSending();
    EXPECT_TRUE(client.IsEnded()) << half;
  }
  EXPECT_EQ(client_->Get("/")->status, 200U);
  EXPECT_EQ(server_->stats().malformed, 0U);
}

TEST_F(HttpServerTest, AClientThatDisconnectsBeforeTheAnswerDoesNoHarm) {
  Start();
  for (int i = 0; i < 20; ++i) {
    RawHttpClient client(server_->port());
    client.Send(kGet);
    client.Disconnect();
  }
  EXPECT_EQ(client_->Get("/")->status, 200U);
}

TEST_F(HttpServerTest, AnIdleConnectionIsEnded) {
  Start({.idle_timeout = Milliseconds(20)});
  EXPECT_TRUE(client_->IsEnded());
  server_->Stop();  // Else it may not have counted yet.
  EXPECT_EQ(server_->stats().timed_out, 1U);
}

TEST_F(HttpServerTest, AHeaderThatDoesNotEndIsNotWaitedFor) {
  Start({.header_timeout = Milliseconds(20)});
  client_->Send("GET / HTT");
  EXPECT_TRUE(client_->IsEnded());
  server_->Stop();  // Else it may not have counted yet.
  EXPECT_EQ(server_->stats().timed_out, 1U);
}

TEST_F(HttpServerTest, ABodyThatDoesNotEndIsNotWaitedFor) {
  Start({.body_timeout = Milliseconds(20)});
  client_->Send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabc");
  EXPECT_TRUE(client_->IsEnded());
  server_->Stop();  // Else it may not have counted yet.
  EXPECT_EQ(server_->stats().timed_out, 1U);
}

TEST_F(HttpServerTest, AClientThatDoesNotTakeItsAnswerIsLeft) {
  std::latch asked(1);
  StartWith({.write_timeout = Milliseconds(20), .drain_timeout = std::chrono::minutes(10)},
            [&](const HttpRequest&) {
              asked.count_down();
              return HttpResponse{.body = std::string(20'000'000, 'x')};
            });
  client_->Send(kGet);
  asked.wait();
  server_->Stop();  // Waits for the answer to be taken, or given up.
  EXPECT_EQ(server_->stats().timed_out, 1U);
  EXPECT_FALSE(client_->Receive().has_value());
}

TEST_F(HttpServerTest, SlowClientsDoNotKeepOthersWaiting) {
  Start({.threads = 1});
  std::vector<std::unique_ptr<RawHttpClient>> slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(std::make_unique<RawHttpClient>(server_->port()));
    slow.back()->Send("GET / HT");
  }
  EXPECT_EQ(client_->Get("/")->status, 200U);
}

TEST_F(HttpServerTest, ConnectionsAboveTheLimitAreToldToComeBack) {
  Start({.max_connections = 1});
  ASSERT_EQ(client_->Get("/")->status, 200U);
  RawHttpClient second(server_->port());
  const auto response = second.Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->status, 503U);
  EXPECT_EQ(response->json()["error"]["code"], "Unavailable");
  EXPECT_TRUE(second.IsEnded());
  EXPECT_EQ(server_->stats().refused, 1U);
}

TEST_F(HttpServerTest, StatsCountOpenConnections) {
  Start();
  client_->Get("/");
  RawHttpClient second(server_->port());
  second.Get("/");
  EXPECT_EQ(server_->stats().open, 2U);
  EXPECT_EQ(server_->stats().accepted, 2U);
}

TEST_F(HttpServerTest, HandlersRunAtTheSameTime) {
  std::latch all_here(3);
  StartWith({.threads = 3}, [&](const HttpRequest&) {
    all_here.arrive_and_wait();
    return HttpResponse{};
  });
  std::vector<std::jthread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&] { EXPECT_TRUE(RawHttpClient(server_->port()).Get("/").has_value()); });
  }
}

TEST_F(HttpServerTest, ManyClientsGetTheirOwnAnswers) {
  Start({.threads = 4});
  std::vector<std::jthread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      RawHttpClient client(server_->port());
      for (int i = 0; i < 50; ++i) {
        const auto response = client.Post("/p", fmt::format("{}-{}", c, i));
        ASSERT_TRUE(response.has_value());
        EXPECT_EQ(response->body, fmt::format("POST /p {}-{}", c, i));
      }
    });
  }
}

TEST_F(HttpServerTest, StopEndsIdleConnectionsAndListensNoMore) {
  Start();
  client_->Get("/");
  const std::uint16_t port = server_->port();
  server_->Stop();
  EXPECT_TRUE(client_->IsEnded());
  EXPECT_FALSE(RawHttpClient(port).connected());
  server_->Stop();
}

TEST_F(HttpServerTest, StopLetsARequestUnderWayFinish) {
  std::latch started(1);
  std::latch go_on(1);
  StartWith({.drain_timeout = std::chrono::minutes(10)}, [&](const HttpRequest&) {
    started.count_down();
    go_on.wait();
    return HttpResponse{.body = "finished"};
  });
  client_->Send(kGet);
  started.wait();
  std::jthread stopper([this] { server_->Stop(); });
  go_on.count_down();
  const auto response = client_->Receive();
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->body, "finished");
  EXPECT_TRUE(client_->IsEnded());
}

TEST_F(HttpServerTest, StopWaitsNoLongerThanTheDrainTimeoutForABody) {
  Start({.drain_timeout = Milliseconds(20)});
  client_->Send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nab");
  RawHttpClient second(server_->port());
  second.Get("/");  // So that the first one's bytes were seen.
  server_->Stop();
  EXPECT_TRUE(client_->IsEnded());
}

TEST_F(HttpServerTest, APortInUseIsNamed) {
  Start();
  const std::string place = fmt::format("127.0.0.1:{}", server_->port());
  EXPECT_THAT(HttpServer::Start({.port = server_->port()}, nullptr),
              FailsWith(ErrorCode::kFailedPrecondition,
                        fmt::format("cannot listen on {}: another program uses this port", place)));
}

TEST_F(HttpServerTest, ThePortIsFreeAfterAStop) {
  Start();
  const std::uint16_t port = server_->port();
  client_->Get("/");
  server_->Stop();
  Start({.port = port});
  EXPECT_EQ(client_->Get("/")->status, 200U);
}

TEST_F(HttpServerTest, AHostWithoutAddressIsInvalid) {
  EXPECT_THAT(HttpServer::Start({.host = "no such host"}, nullptr),
              FailsWith(ErrorCode::kInvalidArgument, "cannot listen on no such host"));
}

TEST_F(HttpServerTest, AnAddressOfAnotherMachineIsUnavailable) {
  EXPECT_THAT(HttpServer::Start({.host = "192.0.2.1"}, nullptr),
              FailsWith(ErrorCode::kUnavailable, "cannot listen on 192.0.2.1:0"));
}

TEST_F(HttpServerTest, OptionsOutOfRangeAreNamed) {
  const auto error_of = [](HttpServerOptions options) {
    return options.Validate().error().message();
  };
  EXPECT_THAT(HttpServerOptions().Validate(), IsOk());
  EXPECT_THAT(error_of({.max_connections = 0}), HasSubstr("max_connections"));
  EXPECT_THAT(error_of({.max_header_bytes = 0}), HasSubstr("max_header_bytes"));
  EXPECT_THAT(error_of({.idle_timeout = Milliseconds(0)}), HasSubstr("idle_timeout"));
  EXPECT_THAT(error_of({.header_timeout = Milliseconds(0)}), HasSubstr("header_timeout"));
  EXPECT_THAT(error_of({.body_timeout = Milliseconds(-1)}), HasSubstr("body_timeout"));
  EXPECT_THAT(error_of({.write_timeout = Milliseconds(0)}), HasSubstr("write_timeout"));
  EXPECT_THAT(error_of({.linger_timeout = Milliseconds(0)}), HasSubstr("linger_timeout"));
  EXPECT_THAT(error_of({.drain_timeout = Milliseconds(-1)}), HasSubstr("drain_timeout"));
}

}  // namespace
}  // namespace twohop
