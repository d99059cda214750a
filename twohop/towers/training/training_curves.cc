#include "twohop/towers/training/training_curves.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace twohop {
namespace {

// In pixels.
constexpr double kWidth = 640;
constexpr double kPanelHeight = 240;
constexpr double kLeft = 70;
constexpr double kRight = 20;
constexpr double kTop = 34;
constexpr double kBottom = 44;
constexpr int kTicks = 4;

struct Point {
  double x = 0;
  double y = 0;
};

struct Panel {
  std::string_view title;
  std::string_view x_label;
  std::vector<Point> points;
  double marked_x = 0;  // 0: nothing is marked.
};

struct Range {
  double low = 0;
  double high = 1;

  double Share(double value) const { return (value - low) / (high - low); }
};

// What the values span, a little wider than a line that would be flat.
Range RangeOf(const std::vector<Point>& points, double Point::*coordinate) {
  if (points.empty()) return {};
  Range range{points[0].*coordinate, points[0].*coordinate};
  for (const Point& point : points) {
    range.low = std::min(range.low, point.*coordinate);
    range.high = std::max(range.high, point.*coordinate);
  }
  if (range.low == range.high) return {range.low - 0.5, range.high + 0.5};
  return range;
}

// Draws one panel, its top edge `top` pixels down.
class PanelWriter {
 public:
  PanelWriter(const Panel& panel, double top, std::string& out)
      : panel_(panel),
        top_(top),
        out_(out),
        x_(RangeOf(panel.points, &Point::x)),
        y_(RangeOf(panel.points, &Point::y)) {}

  void Write() {
    Text(kLeft, top_ + 20, "start", panel_.title);
    Text((kLeft + kWidth - kRight) / 2, top_ + kPanelHeight - 8, "middle", panel_.x_label);
    for (int i = 0; i <= kTicks; ++i) WriteTicks(static_cast<double>(i) / kTicks);
    if (panel_.marked_x > 0) WriteMark();
    WriteLine();
  }

 private:
  double XOf(double share) const { return kLeft + share * (kWidth - kLeft - kRight); }
  double YOf(double share) const {
    return top_ + kTop + (1 - share) * (kPanelHeight - kTop - kBottom);
  }

  void Text(double x, double y, std::string_view anchor, std::string_view text) {
    out_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y,
                        anchor, text);
  }

  void Stroke(double x1, double y1, double x2, double y2, std::string_view color) {
    out_ += fmt::format(
        "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"/>\n", x1, y1,
        x2, y2, color);
  }

  void WriteTicks(double share) {
    Stroke(XOf(0), YOf(share), XOf(1), YOf(share), "#ddd");
    Text(kLeft - 6, YOf(share) + 4, "end",
         fmt::format("{:.4g}", y_.low + share * (y_.high - y_.low)));
    Text(XOf(share), YOf(0) + 16, "middle",
         fmt::format("{:.4g}", x_.low + share * (x_.high - x_.low)));
  }

  void WriteMark() {
    const double x = XOf(x_.Share(panel_.marked_x));
    Stroke(x, YOf(0), x, YOf(1), "#c33");
  }

  void WriteLine() {
    if (panel_.points.empty()) return;
    std::string points;
    for (const Point& point : panel_.points) {
      points += fmt::format("{:.1f},{:.1f} ", XOf(x_.Share(point.x)), YOf(y_.Share(point.y)));
    }
    points.pop_back();
    out_ += fmt::format(
        "<polyline points=\"{}\" fill=\"none\" stroke=\"#246\" stroke-width=\"1.5\"/>\n", points);
  }

  const Panel& panel_;
  double top_;
  std::string& out_;
  Range x_;
  Range y_;
};

Panel LossPanel(const TrainSummary& summary) {
  Panel panel{.title = "loss", .x_label = "batches"};
  for (const LossPoint& point : summary.curve) {
    panel.points.push_back({static_cast<double>(point.step), point.loss});
  }
  return panel;
}

Panel ValidationPanel(const TrainSummary& summary) {
  Panel panel{.title = "validation NDCG@10",
              .x_label = "epochs",
              .marked_x = static_cast<double>(summary.best_epoch)};
  for (std::size_t i = 0; i < summary.epochs.size(); ++i) {
    if (!summary.epochs[i].validation.has_value()) continue;
    panel.points.push_back({static_cast<double>(i + 1), *summary.epochs[i].validation});
  }
  return panel;
}

}  // namespace

std::string TrainingCurvesSvg(const TrainSummary& summary) {
  std::vector<Panel> panels = {LossPanel(summary)};
  if (Panel validation = ValidationPanel(summary); !validation.points.empty()) {
    panels.push_back(std::move(validation));
  }
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} "
      "{1}\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
      kWidth, kPanelHeight * static_cast<double>(panels.size()));
  for (std::size_t i = 0; i < panels.size(); ++i) {
    PanelWriter(panels[i], kPanelHeight * static_cast<double>(i), svg).Write();
  }
  return svg + "</svg>\n";
}

}  // namespace twohop
