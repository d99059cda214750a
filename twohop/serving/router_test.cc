#include "twohop/serving/router.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "twohop/base/testing/manual_clock.h"

namespace twohop {
namespace {

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    router_.Add("GET", "/v1/users/{id}", Echo("user"));
    router_.Add("GET", "/v1/users/{id}/clicks/{n}", Echo("click"));
    router_.Add("GET", "/health", Echo("health"));
    router_.Add("POST", "/health", Echo("posted"));
  }

  // Answers with its name and the parameters it got.
  RouteHandler Echo(std::string name) {
    return [this, name](const HttpRequest&, const PathParams& params) {
      clock_.Advance(Milliseconds(3));
      std::string body = name;
      if (name == "user" || name == "click") body += " " + params.at("id");
      if (name == "click") body += " " + params.at("n");
      return HttpResponse{.body = body};
    };
  }

  HttpResponse Route(std::string method, std::string target, std::vector<HttpHeader> headers = {}) {
    return router_.Route({.method = std::move(method),
                          .target = std::move(target),
                          .headers = std::move(headers),
                          .body = {}});
  }

  static std::string HeaderOf(const HttpResponse& response, std::string_view name) {
    for (const HttpHeader& header : response.headers) {
      if (header.name == name) return header.value;
    }
    return "";
  }

  std::string IdFor(std::string id) {
    return HeaderOf(Route("GET", "/health", {{"x-request-id", std::move(id)}}), "X-Request-Id");
  }

  ManualClock clock_;
  std::vector<std::string> observed_;
  Router router_{clock_, /*id_seed=*/1,
                 [this](std::string_view route, unsigned status, std::chrono::nanoseconds took) {
                   observed_.push_back(std::string(route) + " " + std::to_string(status) + " " +
                                       std::to_string(took.count() / 1'000'000));
                 }};
};

TEST_F(RouterTest, FindsARouteByMethodAndPath) {
  EXPECT_EQ(Route("GET", "/health").body, "health");
  EXPECT_EQ(Route("POST", "/health").body, "posted");
}

TEST_F(RouterTest, TheQueryIsNoPartOfThePath) {
  EXPECT_EQ(Route("GET", "/health?x=/v1/users/u").body, "health");
}

TEST_F(RouterTest, NamedSegmentsAreDecoded) {
  EXPECT_EQ(Route("GET", "/v1/users/u%2F1%20a").body, "user u/1 a");
  EXPECT_EQ(Route("GET", "/v1/users/u/clicks/7").body, "click u 7");
}

TEST_F(RouterTest, UnknownPathsAreNotFound) {
  for (const char* path : {"/", "", "/healthy", "/health/", "/v1/users", "/v1/users/",
                           "/v1/users/a/b", "/v1/users/%FF", "/v1/users/%2"}) {
    EXPECT_EQ(Route("GET", path).status, 404U) << path;
  }
}

TEST_F(RouterTest, NotFoundIsAJsonErrorThatNamesThePath) {
  EXPECT_EQ(Route("GET", "/nope").body,
            R"({"error":{"code":"NotFound","message":"no such path: /nope"}})");
}

TEST_F(RouterTest, AnotherMethodIsNotAllowedAndTheAllowedOnesAreNamed) {
  const HttpResponse response = Route("DELETE", "/health");
  EXPECT_EQ(response.status, 405U);
  EXPECT_EQ(HeaderOf(response, "Allow"), "GET, POST");
  EXPECT_THAT(response.body, testing::HasSubstr("DELETE is not allowed here, but GET, POST is"));
}

TEST_F(RouterTest, HeadIsAnsweredAsGet) { EXPECT_EQ(Route("HEAD", "/health").body, "health"); }

TEST_F(RouterTest, TheRequestIdComesBack) { EXPECT_EQ(IdFor("abc-1"), "abc-1"); }

TEST_F(RouterTest, RequestsWithoutAUsableIdGetOneEach) {
  const std::string first = IdFor("");
  const std::string second = IdFor("");
  EXPECT_EQ(first.size(), 16U);
  EXPECT_NE(first, second);
  EXPECT_NE(IdFor("two words"), "two words");
  EXPECT_NE(IdFor("sp\xC3\xA4t"), "sp\xC3\xA4t");
  EXPECT_EQ(IdFor(std::string(128, 'x')), std::string(128, 'x'));
  EXPECT_NE(IdFor(std::string(129, 'x')), std::string(129, 'x'));
}

TEST_F(RouterTest, ErrorsHaveARequestIdToo) {
  EXPECT_NE(HeaderOf(Route("GET", "/nope"), "X-Request-Id"), "");
}

TEST_F(RouterTest, TheObserverSeesPatternStatusAndTime) {
  Route("GET", "/v1/users/u1");
  Route("GET", "/nope");
  Route("PUT", "/health");
  EXPECT_THAT(observed_, testing::ElementsAre("/v1/users/{id} 200 3", "none 404 0", "none 405 0"));
}

TEST_F(RouterTest, ALongPathIsShortenedInTheError) {
  EXPECT_LT(Route("GET", "/" + std::string(10'000, 'x')).body.size(), 400U);
}

}  // namespace
}  // namespace twohop
