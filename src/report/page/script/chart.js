// A chart: its state, and its picture for the state.

function figureOf(chart) {
  const { data, point } = chart;
  return data.figures[data.is_by_point ? data.figure_of[point] : 0];
}

function isHidden(chart, figure, of) {
  return chart.hidden.has(figure.legend[of]?.key);
}

// The picture: an SVG with `frames` and `stops` for pointer and keys.
function pictureOf(chart, { width, theme }) {
  const figure = figureOf(chart);
  const isBars = figure.panels.some((panel) => panel.bars.length);
  const { map } = chart.data;
  const ofFigure = isBars ? barsPicture : curvesPicture;
  const drawn = map ? mapPicture(chart, map, width, theme) : ofFigure(chart, figure, width, theme);
  const picture = svg('svg', {
    viewBox: `0 0 ${Math.round(width)} ${Math.round(drawn.height)}`, width: Math.round(width), height: Math.round(drawn.height),
    role: 'img', 'aria-label': `${chart.data.title}: ${summaryOf(chart, figure)}`,
  }, drawn.group);
  return { ...drawn, picture };
}

// The small print: what is said of the chart, and what its marks mean.
function remarksOf(chart) {
  const [{ map, note }, figure] = [chart.data, figureOf(chart)];
  const few = 'messages never arrive, or the backlog grows.';
  const curves = figure.panels.flatMap((panel) => panel.curves);
  const fields = map ? map.panels.flatMap((panel) => panel.fields) : [];
  const hasFewBars = (isLog) => figure.panels.some((panel) => (panel.y.kind === 'log') === isLog && panel.bars.some((bar) => bar.arrived && bar.value !== null));
  const marks = [
    [curves.some((curve) => curve.runs.some((run) => run.arrived?.some(Boolean))) && chart.data.kind !== 'timeline', `Hollow: ${few}`],
    [curves.some((curve) => curve.absent?.length), 'Cross: none of the messages arrived.'],
    [hasFewBars(false), `Pale: ${few}`],
    [hasFewBars(true), `Hollow: ${few}`],
    [fields.some(([, , value, , arrived]) => arrived && value !== null), `Hatched: ${few}`],
    [fields.some(([, , value]) => value === null), 'Crossed out: none of the messages arrived.'],
  ];
  return [note, ...figure.remarks, ...marks.filter(([isUsed]) => isUsed).map(([, words]) => words)].filter(Boolean);
}

// What the picture shows, in words.
function summaryOf(chart, figure) {
  const { map } = chart.data;
  const listed = (words, between = ', ') => [...new Set(words)].filter(Boolean).join(between);
  const ofMap = () => [listed([titleOf(map.value), listed([map.x, map.y].map(titleOf), ' and ')], ' against '), listed(map.panels.map((panel) => panel.name))];
  const ofFigure = () => {
    const along = figure.x.kind === 'names' ? '' : titleOf(figure.x);
    const names = figure.legend.filter((entry) => !chart.hidden.has(entry.key)).map((entry) => entry.label);
    return [listed([listed(figure.panels.map((panel) => titleOf(panel.y)), '; '), along], ' against '), listed(figure.panels.map((panel) => panel.plot)), listed(names)];
  };
  return `${listed(map ? ofMap() : ofFigure(), '; ')}. The table below has the values.`;
}

// What tells a plot from the others of its figure.
function plotName(figure, panel) {
  const isOfOne = figure.panels.every((other) => titleOf(other.y) === titleOf(panel.y));
  return [panel.plot, isOfOne ? '' : panel.y.name].filter(Boolean).join(': ');
}

function curvesPicture(chart, figure, width, theme) {
  const group = svg('g', {});
  // A plot of its own for each curve goes with its curve.
  const isShown = (panel) => !panel.caption || panel.curves.some((curve) => !isHidden(chart, figure, curve.of));
  const panels = figure.panels.some(isShown) ? figure.panels.filter(isShown) : figure.panels.slice(0, 1);
  const count = panels.length;
  const height = count > 1 ? Math.max(130, Math.min(190, width * 0.3)) : Math.max(200, Math.min(340, width * 0.55));
  const scales = panels.map((panel) => scaleOf(panel.y, yRange(chart, panel)));
  const ticks = scales.flatMap((scale) => scale.ticks(Math.floor(height / 42)).map((tick) => widthOf(tickText(tick))));
  const margin = Math.max(...ticks, 10) + 12;
  const x = scaleOf(figure.x, chart.zoom);
  const xTitles = wrapped(titleOf(figure.x), width - 6);
  const frames = [];
  const stops = (figure.places || []).filter(([, , , y]) => y === null).map(([, , at]) => at).sort((one, other) => one - other);
  const isFull = (panel) => panel.curves.some((curve) => curve.runs.some((run) => run.x.length) || curve.absent);
  const tagged = panels.find(isFull);
  let top = 26;
  panels.forEach((panel, place) => {
    const titles = wrapped([panel.caption, titleOf(panel.y)].filter(Boolean).join(': '), width - 6);
    const box = { left: margin, width: width - margin - 14, height };
    const names = panel === tagged ? namesAbove(figure, panel, { rect: box, x }) : [];
    const above = 14 * rowsOfNames(names);
    top += 14 * (titles.length - 1) + above;
    const rect = { ...box, top };
    const frame = { ...frameOf(rect, x, scales[place]), margin, above, panel, number: figure.panels.indexOf(panel) };
    frames.push(frame);
    drawSpans(group, figure, frame, theme);
    drawYAxis(group, frame, titles, theme);
    drawXAxis(group, frame, { ...figure.x, stops: [...new Set(stops)] }, place + 1 === count ? xTitles : null, theme);
    const id = `clip-${chart.number}-${place}`;
    // Markers may stand out; a time line leaves the plot.
    const out = chart.data.kind === 'timeline' ? 1 : 6;
    group.append(svg('clipPath', { id }, svg('rect', { x: rect.left - out, y: rect.top - out, width: rect.width + 2 * out, height: rect.height + out + 0.5 })));
    const inner = svg('g', { 'clip-path': `url(#${id})` });
    drawCurves(inner, chart, figure, frame, theme);
    group.append(inner);
    if (!isFull(panel)) {
      group.append(label('no data', rect.left + rect.width / 2, rect.top + height / 2, theme, { 'text-anchor': 'middle', 'font-size': 15 }));
    }
    drawReferences(group, frame, theme);
    drawRows(group, names, rect.top - 9 - 14 * (rowsOfNames(names) - 1), theme);
    drawPlace(group, chart, frame, theme);
    top += height + 40;
  });
  if (chart.data.kind === 'tradeoff') drawNames(group, chart, figure, frames, theme);
  return { group, frames, height: top + 6 + 14 * (xTitles.length - 1), stops: curveStops(chart, figure, frames) };
}

// The values of the visible part of a zoomed time line. Plots that share an axis go on to do so, also at all points.
function yRange(chart, { y }) {
  if (!chart.zoom || chart.data.kind !== 'timeline') return null;
  const [low, high] = chart.zoom;
  const shares = (panel) => JSON.stringify(panel.y) === JSON.stringify(y);
  const shown = (figure) => figure.panels.filter(shares).flatMap((panel) => panel.curves).filter((curve) => !isHidden(chart, figure, curve.of));
  const inZoom = (curve) => (run) => run.y.flatMap((mean, place) => {
    if (!run.isData[place] || run.x[place] + curve.half < low || run.x[place] - curve.half > high) return [];
    const [below, above] = run.ey?.[place] || [0, 0];
    // A logarithmic axis cannot show the end of an interval at or below 0.
    return [mean, mean + above, mean - below].filter((value) => value > 0 || y.kind !== 'log');
  });
  const values = chart.data.figures.flatMap(shown).flatMap((curve) => curve.runs.flatMap(inZoom(curve)));
  return around(values, y.kind === 'log');
}

// Lines at fixed values. Those across the plot have their names over them.
function drawReferences(group, frame, theme) {
  const { rect } = frame;
  const [right, bottom] = [rect.left + rect.width, rect.top + rect.height];
  for (const { is_of_x: isOfX, at, label: name } of frame.panel.lines || []) {
    if (!(isOfX ? frame.x : frame.y).contains(at)) continue;
    const [x, y] = [frame.at(at, 1)[0], frame.at(1, at)[1]];
    group.append(line(isOfX ? [[x, rect.top], [x, bottom]] : [[rect.left, y], [right, y]], { stroke: theme.ink, 'stroke-width': 1.1, 'stroke-dasharray': '6 4' }));
    if (!isOfX && name) group.append(label(shortened(name, rect.width - 8), right - 4, y - 5, theme, { ...haloOf(theme), 'text-anchor': 'end' }));
  }
}

// The warm-up, which no number counts, and events.
function spansIn(figure, { rect, x }) {
  const inside = (value) => rect.left + Math.max(0, Math.min(1, x.share(value))) * rect.width;
  const spans = (figure.spans || []).map((span) => ({ ...span, isInstant: span.from === span.to, left: inside(span.from), right: inside(span.to) }));
  return spans.filter((span) => (span.isInstant ? x.contains(span.from) : span.right - span.left >= 0.5));
}

function drawSpans(group, figure, frame, theme) {
  const { rect } = frame;
  for (const { left: from, right: to, isInstant } of spansIn(figure, frame)) {
    group.append(svg('rect', { x: round(from), y: rect.top, width: round(Math.max(to - from, 1)), height: rect.height, fill: theme.faint, 'fill-opacity': isInstant ? 0.7 : 0.14 }));
  }
}

// The names of parts of the axis and of upright lines, over their middles, above the plot, where no curve crosses them.
function namesAbove(figure, panel, { rect, x }) {
  const lines = (panel.lines || []).filter((it) => it.is_of_x && it.label && x.contains(it.at));
  const middles = [
    ...spansIn(figure, { rect, x }).map(({ name, left, right }) => [name, (left + right) / 2]),
    ...lines.map((it) => [it.label, rect.left + x.share(it.at) * rect.width]),
  ];
  return namesOver(middles, rect.left, rect.left + rect.width);
}

function drawCurves(group, chart, figure, frame, theme) {
  const shown = frame.panel.curves.filter((curve) => !isHidden(chart, figure, curve.of));
  const lookOf = (curve) => figure.legend[curve.of];
  const colorOf = (curve) => visible(lookOf(curve).color, theme);
  // All plots have lines of one width.
  const isDense = figure.panels.some((panel) => panel.curves.some((curve) => curve.style === 'trace' && curve.runs.some((run) => run.x.length > 200)));
  for (const curve of shown) drawSpreads(group, curve, frame, colorOf(curve));
  for (const curve of shown) {
    const { dash } = lookOf(curve);
    for (const run of curve.runs) {
      const points = cornersOf(curve, run, frame.x).map(([x, y]) => frame.at(x, y));
      group.append(line(points, { stroke: colorOf(curve), 'stroke-width': isDense ? 1.3 : 2, 'stroke-dasharray': dash.join(' ') || null }));
    }
  }
  const theory = (curve) => (curve.theory || []).map((run) => run.map(([x, y]) => frame.at(x, y)));
  for (const points of shown.filter((curve) => curve.has_theory_line).flatMap(theory)) group.append(theoryLine(points, theme));
  for (const curve of shown.filter((curve) => curve.style === 'band' || curve.style === 'whiskers')) {
    for (const run of curve.runs) {
      run.x.forEach((x, place) => {
        if (!run.isData[place]) return;
        const isFew = Boolean(run.arrived?.[place]);
        const fill = isFew ? theme.ground : colorOf(curve);
        const look = { fill, stroke: isFew ? colorOf(curve) : theme.ground, 'stroke-width': isFew ? 2 : 1.2 };
        group.append(marker(lookOf(curve).marker, frame.at(x, run.y[place]), 4.4, look));
      });
    }
  }
  for (const at of shown.filter((curve) => !curve.has_theory_line).flatMap(theory).flat()) group.append(theoryCross(at, theme));
  for (const curve of shown) for (const absent of curve.absent || []) drawAbsent(group, absent, frame, colorOf(curve));
}

// The corners of the line of a run: each mean over its whole bin, so that a line does not rise before what raises it; a
// distribution goes on to the right edge.
function cornersOf(curve, run, x) {
  if (curve.style === 'trace') {
    // Between bins that were left out a step is half-way.
    const between = (one, other) => (run.x[one] + run.x[other]) / 2;
    return run.x.flatMap((middle, place) => [
      [place ? between(place - 1, place) : middle - curve.half, run.y[place]],
      [place + 1 < run.x.length ? between(place, place + 1) : middle + curve.half, run.y[place]],
    ]);
  }
  const points = run.x.map((value, place) => [value, run.y[place]]);
  if (curve.style !== 'distribution' || !points.length) return points;
  // Nothing has arrived before the axis ends.
  if (points[0][0] > x.high) return [[x.low, 0], [x.high, 0]];
  const [last, height] = points[points.length - 1];
  return [...points, [Math.max(last, x.high), height]];
}

function drawSpreads(group, curve, frame, color) {
  for (const run of curve.runs) {
    // A logarithmic axis cannot show the end of an interval at or below 0: it goes to the edge.
    const within = (axis, value) => (axis.shows(value) ? value : axis.low);
    const at = (place, x, y) => frame.at(within(frame.x, run.x[place] + x), within(frame.y, run.y[place] + y));
    if (curve.style === 'trace') {
      if (!run.ey) continue;
      const edge = (end, sign) => cornersOf(curve, { ...run, y: run.y.map((y, place) => y + sign * (run.ey[place]?.[end] ?? 0)) }, frame.x).map(([x, y]) => frame.at(within(frame.x, x), within(frame.y, y)));
      const tops = edge(1, 1);
      group.append(bandOf(edge(0, -1).map((foot, place) => [foot, tops[place]]), color));
      continue;
    }
    const up = (place) => run.ey?.[place] && [at(place, 0, -run.ey[place][0]), at(place, 0, run.ey[place][1])];
    const across = (place) => run.ex?.[place] && [at(place, -run.ex[place][0], 0), at(place, run.ex[place][1], 0)];
    const bands = curve.style === 'band' ? stretches(run.x.map((_, place) => place), up).filter((band) => band.length > 1) : [];
    for (const band of bands) group.append(bandOf(band.map(up), color));
    const covered = new Set(bands.flat());
    run.x.forEach((_, place) => {
      if (!run.isData[place] || covered.has(place)) return;
      // The marker hides shorter ones.
      for (const ends of [up(place), across(place)].filter((ends) => ends && distance(...ends) > 9)) group.append(whisker(...ends, color));
    });
  }
}

// A cross where a point would be if any message had arrived.
function drawAbsent(group, absent, frame, color) {
  const { rect } = frame;
  const [x, y] = absent.edge === 'top' ? [frame.at(absent.at, frame.y.low)[0], rect.top + 10] : [rect.left + rect.width - 10, frame.at(frame.x.low, absent.at)[1]];
  for (const sign of [-1, 1]) group.append(line([[x - 4.5, y - 4.5 * sign], [x + 4.5, y + 4.5 * sign]], { stroke: color, 'stroke-width': 2.2 }));
}

// The place of the sliders: a line, or rings around the points.
function drawPlace(group, chart, frame, theme) {
  const { rect } = frame;
  for (const place of placesIn(chart, frame).filter(([point]) => chart.hasSliders && point === chart.point)) {
    const [x, y] = pixelsOf(frame, place);
    if (y === null) {
      group.append(line([[x, rect.top], [x, rect.top + rect.height]], { stroke: theme.ink, 'stroke-width': 1.2, 'stroke-opacity': 0.55, class: 'place' }));
      group.append(svg('polygon', { points: `${round(x - 5)},${rect.top - 5} ${round(x + 5)},${rect.top - 5} ${round(x)},${rect.top + 2}`, fill: theme.ink }));
    } else if (hasPoint(chart, frame, [x, y])) {
      group.append(svg('circle', { cx: round(x), cy: round(y), r: 9, fill: 'none', stroke: theme.ink, 'stroke-width': 1.4, class: 'place' }));
    }
  }
}

// Where the points of the sweep lie in a plot, as far as its axes show it.
function placesIn(chart, frame) {
  return (figureOf(chart).places || []).filter(([, panel, x, y]) => panel === frame.number && frame.x.contains(x) && (y === null || frame.y.contains(y)));
}

function pixelsOf(frame, [, , x, y]) {
  return y === null ? [frame.at(x, 1)[0], null] : frame.at(x, y);
}

// Places are nearer to their points than this: these have no more digits than can be seen.
const isNear = (one, other) => distance(one, other) < 2;

// Whether a curve that is shown has a point there.
function hasPoint(chart, frame, at) {
  const isThere = (run) => run.x.some((x, place) => run.isData[place] && isNear(frame.at(x, run.y[place]), at));
  return frame.panel.curves.some((curve) => !isHidden(chart, figureOf(chart), curve.of) && curve.runs.some(isThere));
}

// Names beside single points, where they cover nothing.
function drawNames(group, chart, figure, frames, theme) {
  for (const frame of frames) {
    const points = frame.panel.curves.filter((curve) => !isHidden(chart, figure, curve.of) && curve.runs.some((run) => run.x.length));
    const boxes = points.flatMap((curve) => curve.runs.flatMap((run) => run.x.map((x, place) => {
      const [cx, cy] = frame.at(x, run.y[place]);
      return [cx - 6, cy - 6, cx + 6, cy + 6];
    })));
    const isNamed = (run) => run.x.length;
    const names = points.map((curve) => {
      const run = curve.runs.find(isNamed);
      const last = run.x.length - 1;
      return [run.x[last], run.y[last], figure.legend[curve.of].label, curve.of];
    });
    const ends = points.flatMap((curve) => (curve.labels || []).map((text) => [...text, curve.of]));
    for (const [x, y, text, of] of [...names, ...ends]) {
      const entry = { ...figure.legend[of], label: text };
      const [cx, cy] = frame.at(x, y);
      const wide = widthOf(entry.label);
      const tries = [[cx + 10, cy + 4], [cx - 10 - wide, cy + 4], [cx - wide / 2, cy - 11], [cx - wide / 2, cy + 20], [cx + 8, cy - 9], [cx + 8, cy + 17]];
      const boxOf = ([x, y]) => [x, y - 11, x + wide, y + 3];
      const fits = (box) => box[0] >= frame.rect.left && box[2] <= frame.rect.left + frame.rect.width + 12 && box[1] >= frame.rect.top - 8
        && box[3] <= frame.rect.top + frame.rect.height && !boxes.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
      const found = tries.find((place) => fits(boxOf(place)));
      if (!found) continue;
      boxes.push(boxOf(found));
      group.append(label(entry.label, found[0], found[1], theme, { fill: visible(entry.color, theme, 4.5), stroke: theme.ground, 'stroke-width': 3, 'paint-order': 'stroke' }));
    }
  }
}
