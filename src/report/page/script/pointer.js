// Values by pointer and by keys, and zoom.

// The places at which a chart tells its values, in the order in which the arrow keys visit them.
function curveStops(chart, figure, frames) {
  if (!frames.length) return [];
  const all = frames.flatMap((frame) => frame.panel.curves.map((curve) => ({ frame, curve })));
  const shown = all.filter(({ curve }) => !isHidden(chart, figure, curve.of));
  const [xName, xUnit] = nameAndUnit(figure.x.title);
  if (chart.data.kind === 'tradeoff') return shown.flatMap(({ frame, curve }) => pointStops(chart, figure, frame, curve)).sort((one, other) => one.px - other.px);
  if (chart.data.kind === 'cdf') return cdfStops(figure, shown);
  const xs = [...new Set(shown.flatMap(({ curve }) => [...curve.runs.flatMap((run) => run.x), ...(curve.absent || []).map((it) => it.at)]))];
  const inside = xs.filter((x) => frames[0].x.shows(x) && frames[0].x.share(x) >= -1e-9 && frames[0].x.share(x) <= 1 + 1e-9).sort((one, other) => one - other);
  return inside.map((x) => {
    const place = figure.x.kind === 'names' ? figure.x.names[x] : withoutZeros(significant(x, 6));
    return { px: frames[0].at(x, 1)[0], title: `${xName} ${withUnit(place, xUnit)}`, rows: () => rowsAt(figure, shown, x, frames.length > 1), dots: () => dotsAt(shown, x) };
  });
}

// The values of all curves there; under the names of their plots, if there are several.
function rowsAt(figure, shown, x, isNamed) {
  let before = null;
  return shown.flatMap(({ frame, curve }) => {
    const rows = rowsOfCurve(figure, frame, curve, x);
    const isNew = isNamed && rows.length && frame !== before;
    before = rows.length ? frame : before;
    return isNew ? [{ label: nameAndUnit(frame.panel.y.title)[0], text: '', isHead: true }, ...rows] : rows;
  });
}

function rowsOfCurve(figure, frame, curve, x) {
  const entry = figure.legend[curve.of] || { label: '', color: '#666666', dash: [], marker: 0 };
  const [name, unit] = nameAndUnit(frame.panel.y.title);
  const words = entry.label || name;
  for (const run of curve.runs) {
    const place = run.x.indexOf(x);
    if (place < 0) continue;
    const rows = [{ entry, label: words, text: withUnit(written(run.y[place], run.ey?.[place]), unit) }];
    if (run.arrived?.[place]) rows.push({ label: '', text: run.arrived[place] });
    const theory = (curve.theory || []).flat().find((point) => point[0] === x);
    if (theory) rows.push({ label: 'theory', text: withUnit(significant(theory[1], 4), unit) });
    return rows;
  }
  return (curve.absent || []).some((absent) => absent.at === x) ? [{ entry, label: words, text: 'none arrives' }] : [];
}

function dotsAt(shown, x) {
  return shown.flatMap(({ frame, curve }) => curve.runs.flatMap((run) => {
    const place = run.x.indexOf(x);
    return place < 0 ? [] : [frame.at(x, run.y[place])];
  }));
}

function pointStops(chart, figure, frame, curve) {
  const [xName, xUnit] = nameAndUnit(figure.x.title);
  const [yName, yUnit] = nameAndUnit(frame.panel.y.title);
  const entry = figure.legend[curve.of];
  return curve.runs.flatMap((run) => run.x.map((x, place) => {
    const [px, py] = frame.at(x, run.y[place]);
    const rows = [
      { label: yName, text: withUnit(written(run.y[place], run.ey?.[place]), yUnit) },
      { label: xName, text: withUnit(written(x, run.ex?.[place]), xUnit) },
    ];
    if (run.arrived?.[place]) rows.push({ label: 'messages', text: run.arrived[place] });
    // The point of the sweep, where it is the only one there.
    const isHere = ([number, otherX, otherY]) => number === frame.number && isNear(otherX, x) && isNear(otherY, run.y[place]);
    const points = (chart.data.marks_of || []).flatMap((marks, point) => (marks.some(isHere) ? [point] : []));
    if (points.length === 1) rows.unshift({ label: DATA.sliders.names[points[0]], text: '', isHead: true });
    return { px, py, title: entry ? entry.label : '', rows, dots: () => [[px, py]] };
  }));
}

// The share of the messages within each time.
function cdfStops(figure, shown) {
  if (!shown.length) return [];
  const { frame } = shown[0];
  const [, unit] = nameAndUnit(figure.x.title);
  const toSeconds = { ms: 1e-3, 'µs': 1e-6, ns: 1e-9, min: 60 }[unit] || 1;
  const shareAt = (curve, x) => {
    const run = curve.runs[0];
    if (!run || !run.x.length || x < run.x[0]) return 0;
    const next = run.x.findIndex((other) => other > x);
    if (next < 0) return run.y[run.y.length - 1];
    const part = (x - run.x[next - 1]) / (run.x[next] - run.x[next - 1]);
    return run.y[next - 1] + part * (run.y[next] - run.y[next - 1]);
  };
  return Array.from({ length: 201 }, (_, step) => {
    const x = Number(frame.x.value(step / 200).toPrecision(2));
    const rows = () => shown.map(({ curve }) => ({ entry: figure.legend[curve.of], label: figure.legend[curve.of]?.label || '', text: percent(shareAt(curve, x)) }));
    return { px: frame.at(x, 1)[0], title: `within ${timeText(x * toSeconds)}`, rows, dots: () => shown.map(({ curve }) => frame.at(x, shareAt(curve, x))) };
  }).filter((stop, place, all) => stop.px >= frame.rect.left - 1 && (!place || stop.px > all[place - 1].px));
}

// Never rounded to all or nothing.
function percent(share) {
  if (share <= 0) return '0 %';
  if (share >= 1) return '100 %';
  if (share < 0.001) return 'under 0.1 %';
  if (share > 0.999) return 'over 99.9 %';
  return `${share < 0.1 || share > 0.9 ? (share * 100).toFixed(1) : (share * 100).toFixed(0)} %`;
}

function makePointer(chart) {
  const { plot } = chart;
  plot.addEventListener('pointermove', (event) => {
    if (chart.drag) dragTo(chart, event);
    else showStop(chart, nearest(chart, event), false);
  });
  plot.addEventListener('pointerleave', () => { if (!chart.drag && document.activeElement !== plot) showStop(chart, -1); });
  plot.addEventListener('blur', () => showStop(chart, -1));
  plot.addEventListener('keydown', (event) => onKey(chart, event));
  if (chart.data.kind !== 'timeline') return;
  plot.classList.add('zooms');
  plot.addEventListener('pointerdown', (event) => startDrag(chart, event));
  plot.addEventListener('pointerup', (event) => endDrag(chart, event));
  plot.addEventListener('pointercancel', () => { chart.drag = null; chart.draw(); });
  plot.addEventListener('dblclick', () => chart.setZoom(null));
}

function positionIn(chart, event) {
  const box = chart.plot.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width * chart.width, (event.clientY - box.top) / box.height * chart.drawn.height];
}

function nearest(chart, event) {
  const [x, y] = positionIn(chart, event);
  const far = (stop) => (stop.height ? Math.abs(y - stop.py) : Math.abs(x - stop.px) + (stop.py === undefined ? 0 : Math.abs(y - stop.py)));
  let best = -1;
  chart.drawn.stops.forEach((stop, place) => { if (best < 0 || far(stop) < far(chart.drawn.stops[best])) best = place; });
  return best;
}

function onKey(chart, event) {
  const last = chart.drawn.stops.length - 1;
  const step = event.shiftKey ? 10 : 1;
  // Up and down go to other rows of a heat map.
  const row = chart.drawn.across || step;
  const to = { ArrowRight: chart.stop + step, ArrowDown: chart.stop + row, ArrowLeft: chart.stop - step, ArrowUp: chart.stop - row, Home: 0, End: last }[event.key];
  if (to !== undefined) showStop(chart, Math.max(0, Math.min(last, to)), true);
  else if (event.key === 'Escape') showStop(chart, -1);
  else if (chart.data.kind === 'timeline' && ['+', '=', '-', '0'].includes(event.key)) zoomByKey(chart, event.key);
  else return;
  event.preventDefault();
}

function zoomByKey(chart, key) {
  const { low, high } = figureOf(chart).x;
  if (key === '0') { chart.setZoom(null); return; }
  const [from, to] = chart.zoom || [low, high];
  const middle = chart.stop < 0 ? (from + to) / 2 : chart.drawn.frames[0].x.value((chart.drawn.stops[chart.stop].px - chart.drawn.frames[0].rect.left) / chart.drawn.frames[0].rect.width);
  const half = (to - from) * (key === '-' ? 1 : 0.25);
  const zoom = [Math.max(low, middle - half), Math.min(high, middle + half)];
  chart.setZoom(zoom[0] <= low && zoom[1] >= high ? null : zoom);
}

function startDrag(chart, event) {
  if (event.button !== 0) return;
  chart.drag = positionIn(chart, event)[0];
  chart.plot.setPointerCapture(event.pointerId);
  showStop(chart, -1);
}

function dragTo(chart, event) {
  const { overlay, frames } = chart.drawn;
  const [from, to] = [chart.drag, positionIn(chart, event)[0]].sort((one, other) => one - other);
  const { top } = frames[0].rect;
  const { rect } = frames[frames.length - 1];
  overlay.replaceChildren(svg('rect', { x: round(from), y: top, width: round(to - from), height: rect.top + rect.height - top, fill: chart.theme.ink, 'fill-opacity': 0.13 }));
}

function endDrag(chart, event) {
  const { frames: [frame] } = chart.drawn;
  const ends = [chart.drag, positionIn(chart, event)[0]].sort((one, other) => one - other);
  chart.drag = null;
  if (ends[1] - ends[0] < 6) { chart.drawn.overlay.replaceChildren(); return; }
  const value = (px) => frame.x.value(Math.max(0, Math.min(1, (px - frame.rect.left) / frame.rect.width)));
  chart.setZoom(ends.map(value));
}
