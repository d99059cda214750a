#include "twohop/serving/api.h"

#include <utility>

#include <fmt/format.h>

#include "twohop/base/json.h"
#include "twohop/base/time_format.h"
#include "twohop/domain/category_lookup.h"
#include "twohop/serving/internal/events_json.h"
#include "twohop/serving/internal/features_json.h"
#include "twohop/serving/internal/feedback_json.h"
#include "twohop/serving/internal/query_params.h"
#include "twohop/serving/internal/recall_json.h"
#include "twohop/serving/internal/serving_metrics.h"
#include "twohop/serving/internal/user_json.h"
#include "twohop/serving/router.h"
#include "twohop/userstate/user_relation.h"

namespace twohop {
namespace {

using namespace serving_internal;

HttpResponse NotReady() { return ErrorResponse(Unavailable("no bundle is loaded yet").value()); }

}  // namespace

class Api::Impl {
 public:
  Impl(const ApiParts& parts, const ApiOptions& options)
      : parts_(parts),
        options_(options),
        router_(parts.clock, options.request_id_seed,
                [this](std::string_view route, unsigned status, std::chrono::nanoseconds took) {
                  metrics_.CountRequest(route, status, took);
                }) {
    Add("POST", "/v1/recall", &Impl::Recall);
    Add("POST", "/v1/features", &Impl::Features);
    Add("GET", "/v1/users/{id}", &Impl::User);
    Add("DELETE", "/v1/users/{id}", &Impl::ForgetUser);
    Add("GET", "/v1/users/{id}/debate", &Impl::Debate);
    Add("GET", "/v1/explain", &Impl::Explain);
    Add("POST", "/v1/events", &Impl::Events);
    Add("POST", "/v1/interests/{category_id}/feedback", &Impl::Feedback);
    Add("GET", "/v1/version", &Impl::Version);
    Add("GET", "/health", &Impl::Health);
    Add("GET", "/ready", &Impl::Ready);
    Add("GET", "/metrics", &Impl::Metrics);
  }

  HttpResponse Handle(const HttpRequest& request) const { return router_.Route(request); }

 private:
  using Endpoint = HttpResponse (Impl::*)(const HttpRequest&, const PathParams&);

  void Add(std::string_view method, std::string_view pattern, Endpoint endpoint) {
    router_.Add(method, pattern,
                [this, endpoint](const HttpRequest& request, const PathParams& params) {
                  return (this->*endpoint)(request, params);
                });
  }

  HttpResponse Recall(const HttpRequest& request, const PathParams&) {
    const Stopwatch watch(parts_.clock);
    const auto recaller = parts_.recaller.Get();
    if (recaller == nullptr) return NotReady();
    const auto body = ParseRecallBody(request.body);
    if (!body.has_value()) return ErrorResponse(body.error());

    // A page of popular items is worth more to the user than an error.
    auto stored = parts_.states.Get(body->user);
    const bool failed = !stored.has_value();
    UserState user = failed ? UserState{} : std::move(*stored).value_or(UserState{});
    user.profile.id = body->user;

    const auto response = recaller->Recall(user, body->request);
    if (!response.has_value()) return ErrorResponse(response.error());
    metrics_.CountRecall(*response, failed);
    return JsonResponse(RecallAnswerToJson({.catalog = recaller->bundle().catalog(),
                                            .user = user,
                                            .response = *response,
                                            .user_state_failed = failed,
                                            .took = watch.elapsed()}));
  }

  // A user of whom nothing is known has features too: items are new, and fit a user without history
  // so well. A record that cannot be read is an error: a ranker has other features to go by.
  HttpResponse Features(const HttpRequest& request, const PathParams&) {
    const Stopwatch watch(parts_.clock);
    const auto recaller = parts_.recaller.Get();
    if (recaller == nullptr) return NotReady();
    const auto body = ParseFeaturesBody(request.body);
    if (!body.has_value()) return ErrorResponse(body.error());
    auto stored = parts_.states.Get(body->user);
    if (!stored.has_value()) return ErrorResponse(stored.error());
    const UserState user = std::move(*stored).value_or(UserState{});
    const auto response = recaller->Features(user, body->items);
    if (!response.has_value()) return ErrorResponse(response.error());
    return JsonResponse(FeaturesAnswerToJson(
        {.body = *body, .user = user, .response = *response, .took = watch.elapsed()}));
  }

  HttpResponse User(const HttpRequest&, const PathParams& params) {
    const std::string& id = params.at("id");
    const auto state = parts_.states.Get(UserId(id));
    if (!state.has_value()) return ErrorResponse(state.error());
    if (!state->has_value()) {
      return ErrorResponse(NotFound(fmt::format("no user \"{}\"", id)).value());
    }
    return JsonResponse(UserStateToJson(**state, parts_.clock.Now()));
  }

  // Nothing tells whether there was such a user: asking twice is fine, and asking is no oracle.
  HttpResponse ForgetUser(const HttpRequest&, const PathParams& params) {
    const std::string& id = params.at("id");
    if (const Status removed = parts_.states.Remove(UserId(id)); !removed.has_value()) {
      return ErrorResponse(removed.error());
    }
    return JsonResponse({{"user", id}, {"forgotten", true}});
  }

  HttpResponse Debate(const HttpRequest&, const PathParams& params) {
    const std::string& id = params.at("id");
    const auto debate = parts_.states.GetDebate(UserId(id));
    if (!debate.has_value()) return ErrorResponse(debate.error());
    if (!debate->has_value()) {
      return ErrorResponse(NotFound(fmt::format("no debate about user \"{}\"", id)).value());
    }
    return JsonResponse(DebateToJson(**debate));
  }

  HttpResponse Explain(const HttpRequest& request, const PathParams&) {
    const auto recaller = parts_.recaller.Get();
    if (recaller == nullptr) return NotReady();  // No taxonomy to look categories up in.
    const auto answer = ExplainUser(request, recaller->bundle().catalog().taxonomy());
    return answer.has_value() ? JsonResponse(*answer) : ErrorResponse(answer.error());
  }

  Result<Json> ExplainUser(const HttpRequest& request, const Taxonomy& taxonomy) const {
    TWOHOP_ASSIGN_OR_RETURN(const QueryParams params,
                            ParseQuery(request.target, {"user", "category"}));
    const auto user = params.find("user");
    if (user == params.end()) return InvalidArgument("parameter \"user\" is missing");
    if (user->second.empty()) return InvalidArgument("parameter \"user\" must not be empty");
    TWOHOP_ASSIGN_OR_RETURN(const auto state, parts_.states.Get(UserId(user->second)));
    if (!state.has_value()) return NotFound(fmt::format("no user \"{}\"", user->second));
    const auto name = params.find("category");
    if (name == params.end()) return UserRelationsToJson(*state, taxonomy);
    TWOHOP_ASSIGN_OR_RETURN(const CategoryIndex category, LookUpCategory(name->second, taxonomy));
    return UserRelationToJson(*state, taxonomy, category);
  }

  HttpResponse Events(const HttpRequest& request, const PathParams&) {
    const auto recaller = parts_.recaller.Get();
    if (recaller == nullptr) return NotReady();  // No catalogue to check items against.
    const TimePoint now = parts_.clock.Now();
    const auto body =
        ParseEventsBody(request.body, options_.max_events,
                        {.catalog = recaller->bundle().catalog(), .now = now, .received = now});
    if (!body.has_value()) return ErrorResponse(body.error());
    if (body->events.empty()) return AllRejected(*body);

    const auto appended = parts_.events.Append(body->events);
    if (!appended.has_value()) return ErrorResponse(appended.error());
    metrics_.CountEvents(appended->appended, appended->duplicates, body->rejected);
    if (parts_.on_events) parts_.on_events(body->events);
    return JsonResponse(EventsAnswerToJson(*body, *appended));
  }

  // With the usual error beside the results, for clients that look at nothing else.
  HttpResponse AllRejected(const EventsBody& body) {
    metrics_.CountEvents(0, 0, body.rejected);
    const Error& first = body.rows.front().error();
    Json json = EventsAnswerToJson(body, {});
    json["error"] = {{"code", ErrorCodeName(first.code())},
                     {"message", fmt::format("no event is valid; the first: {}", first.message())}};
    return JsonResponse(json, HttpStatusOf(first.code()));
  }

  HttpResponse Feedback(const HttpRequest& request, const PathParams& params) {
    const auto recaller = parts_.recaller.Get();
    if (recaller == nullptr) return NotReady();  // No taxonomy to check the category against.
    const auto body = ParseFeedbackBody(request.body);
    if (!body.has_value()) return ErrorResponse(body.error());
    const auto state = parts_.states.Get(body->user);
    if (!state.has_value()) return ErrorResponse(state.error());
    if (!state->has_value()) {
      return ErrorResponse(NotFound(fmt::format("no user \"{}\"", body->user.value())).value());
    }
    const TimePoint now = parts_.clock.Now();
    const auto event =
        MakeFeedbackEvent(*body, params.at("category_id"), **state,
                          {.catalog = recaller->bundle().catalog(), .now = now, .received = now});
    if (!event.has_value()) return ErrorResponse(event.error());

    const auto appended = parts_.events.Append({&*event, 1});
    if (!appended.has_value()) return ErrorResponse(appended.error());
    metrics_.CountEvents(appended->appended, appended->duplicates, 0);
    if (parts_.on_events) parts_.on_events({&*event, 1});
    return JsonResponse(FeedbackAnswerToJson(*event, *appended));
  }

  HttpResponse Version(const HttpRequest&, const PathParams&) {
    Json json = {{"program", "twohop"}, {"version", options_.program_version}, {"bundle", nullptr}};
    if (const auto recaller = parts_.recaller.Get()) {
      const Bundle& bundle = recaller->bundle();
      json["bundle"] = {{"version", bundle.version()},
                        {"created", FormatTime(bundle.created())},
                        {"text_encoder", bundle.text_encoder()},
                        {"items", bundle.catalog().size()},
                        {"categories", bundle.catalog().taxonomy().size()}};
    }
    return JsonResponse(json);
  }

  HttpResponse Health(const HttpRequest&, const PathParams&) {
    return JsonResponse({{"status", "ok"}});
  }

  HttpResponse Ready(const HttpRequest&, const PathParams&) {
    const auto recaller = parts_.recaller.Get();
    if (recaller == nullptr) return NotReady();
    return JsonResponse({{"status", "ready"}, {"bundle", recaller->bundle().version()}});
  }

  HttpResponse Metrics(const HttpRequest&, const PathParams&) {
    if (parts_.server_stats) metrics_.SetServer(parts_.server_stats());
    if (parts_.config_reloads) metrics_.SetConfig(parts_.config_reloads());
    metrics_.SetReady(parts_.recaller.Get() != nullptr);
    return {.content_type = std::string(kMetricsContentType), .body = metrics_.Text()};
  }

  ApiParts parts_;
  ApiOptions options_;
  ServingMetrics metrics_;
  Router router_;
};

Api::Api(const ApiParts& parts, const ApiOptions& options)
    : impl_(std::make_unique<Impl>(parts, options)) {}
Api::~Api() = default;

HttpResponse Api::Handle(const HttpRequest& request) const { return impl_->Handle(request); }

}  // namespace twohop
