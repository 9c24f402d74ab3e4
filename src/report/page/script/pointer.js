// Values by pointer and by keys, and zoom.

// The places at which a chart tells its values, in the order in which the arrow keys visit them.
function curveStops(chart, figure, frames) {
  if (!frames.length) return [];
  const all = frames.flatMap((frame) => frame.panel.curves.map((curve) => ({ frame, curve })));
  const shown = all.filter(({ curve }) => !isHidden(chart, figure, curve.of));
  if (chart.data.kind === 'tradeoff') return shown.flatMap(({ frame, curve }) => pointStops(chart, figure, frame, curve)).sort((one, other) => one.px - other.px);
  if (chart.data.kind === 'cdf') return cdfStops(figure, shown);
  const xs = [...new Set(shown.flatMap(({ curve }) => [...curve.runs.flatMap((run) => run.x.filter((_, place) => run.isData[place])), ...(curve.absent || []).map((it) => it.at)]))];
  const inside = xs.filter(frames[0].x.contains).sort((one, other) => one - other);
  // An instant has the digits that tell it from the next one.
  const decimals = chart.data.kind === 'timeline' ? decimalsOf(leastStep(figure) / 2) : null;
  const textOf = (x) => (decimals === null ? wholeText(x) : withoutZeros(fixed(x, Math.max(decimals, 0))));
  return inside.map((x) => {
    const place = figure.x.kind === 'names' ? figure.x.names[x] : textOf(x);
    const rows = () => rowsAt(figure, shown, ({ frame, curve }) => rowsOfCurve(figure, frame, curve, x));
    return { px: frames[0].at(x, 1)[0], title: `${figure.x.name} ${withUnit(place, figure.x.unit)}`, rows, dots: () => dotsAt(shown, x) };
  });
}

// The rows of all curves, under the names of their plots.
function rowsAt(figure, shown, rowsOf) {
  let before = null;
  return shown.flatMap((one) => {
    const [rows, name] = [rowsOf(one), plotName(figure, one.frame.panel)];
    const isNew = name && rows.length && one.frame !== before;
    before = rows.length ? one.frame : before;
    return isNew ? [{ label: name, text: '', isHead: true }, ...rows] : rows;
  });
}

function placeOf(run, x) {
  return run.x.findIndex((other, place) => other === x && run.isData[place]);
}

function rowsOfCurve(figure, { panel }, curve, x) {
  const entry = figure.legend[curve.of];
  const { name, unit } = panel.y;
  const words = entry.label || name;
  for (const run of curve.runs) {
    const place = placeOf(run, x);
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
    const place = placeOf(run, x);
    return place < 0 ? [] : [frame.at(x, run.y[place])];
  }));
}

function pointStops(chart, figure, frame, curve) {
  const [across, up] = [figure.x, frame.panel.y];
  const title = [frame.panel.plot, figure.legend[curve.of].label].filter(Boolean).join(': ');
  return curve.runs.flatMap((run) => run.x.flatMap((x, place) => {
    if (!run.isData[place]) return [];
    const at = frame.at(x, run.y[place]);
    const rows = () => [
      ...pointName(chart, frame, at),
      { label: up.name, text: withUnit(written(run.y[place], run.ey?.[place]), up.unit) },
      { label: across.name, text: withUnit(written(x, run.ex?.[place]), across.unit) },
      ...(run.arrived?.[place] ? [{ label: 'messages', text: run.arrived[place] }] : []),
    ];
    return { px: at[0], py: at[1], title, rows, frames: [frame], dots: () => [at] };
  }));
}

// The point of the sweep, where it is the only one there.
function pointName(chart, frame, at) {
  const points = new Set(placesIn(chart, frame).filter((place) => isNear(pixelsOf(frame, place), at)).map(([point]) => point));
  return points.size === 1 ? [...points].map((point) => ({ label: DATA.sliders.names[point], text: '', isHead: true })) : [];
}

// The share of the messages within each time.
function cdfStops(figure, shown) {
  if (!shown.length) return [];
  const [{ frame: { x: along, at, rect } }] = shown;
  const toSeconds = { ms: 1e-3, 'µs': 1e-6, ns: 1e-9, min: 60 }[figure.x.unit] || 1;
  return Array.from({ length: 201 }, (_, step) => {
    const x = Number(along.value(step / 200).toPrecision(2));
    const rowsOf = ({ curve }) => [{ entry: figure.legend[curve.of], label: figure.legend[curve.of].label, text: percent(shareAt(curve, x)) }];
    const dots = () => shown.map(({ frame, curve }) => frame.at(x, shareAt(curve, x)));
    return { px: at(x, 1)[0], title: `within ${timeText(x * toSeconds)}`, rows: () => rowsAt(figure, shown, rowsOf), dots };
  }).filter((stop, place, all) => stop.px >= rect.left - 1 && (!place || stop.px > all[place - 1].px));
}

// How far a distribution has risen.
function shareAt(curve, x) {
  const run = curve.runs[0];
  if (!run || !run.x.length || x < run.x[0]) return 0;
  const next = run.x.findIndex((other) => other > x);
  if (next < 0) return run.y[run.y.length - 1];
  const part = (x - run.x[next - 1]) / (run.x[next] - run.x[next - 1]);
  return run.y[next - 1] + part * (run.y[next] - run.y[next - 1]);
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
  const show = (event) => showStop(chart, nearest(chart, event), false);
  plot.addEventListener('pointermove', (event) => (chart.drag === null ? show(event) : dragTo(chart, event)));
  // A tap moves nothing, and what it shows stays.
  plot.addEventListener('pointerdown', (event) => { if (event.pointerType === 'touch') show(event); });
  plot.addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch' && chart.drag === null && document.activeElement !== plot) showStop(chart, -1);
  });
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
  // Those are of the browser.
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = placeAfter(chart, event.key, event.shiftKey ? 10 : 1);
  if (place !== undefined) showStop(chart, place, true);
  else if (event.key === 'Escape') showStop(chart, -1);
  else if (chart.data.kind === 'timeline' && ['+', '=', '-', '0'].includes(event.key)) zoomByKey(chart, event.key);
  else return;
  event.preventDefault();
}

// The place to which a key leads: up and down stay in the column of a heat map.
function placeAfter({ stop, drawn: { stops } }, key, step) {
  const within = (place) => Math.max(0, Math.min(stops.length - 1, place));
  const column = stops[stop]?.column;
  if (column !== undefined && (key === 'ArrowUp' || key === 'ArrowDown')) {
    const places = stops.flatMap((other, place) => (other.column === column ? [place] : []));
    return places[Math.max(0, Math.min(places.length - 1, places.indexOf(stop) + (key === 'ArrowUp' ? -step : step)))];
  }
  return { ArrowRight: within(stop + step), ArrowDown: within(stop + step), ArrowLeft: within(stop - step), ArrowUp: within(stop - step), Home: 0, End: stops.length - 1 }[key];
}

function zoomByKey(chart, key) {
  const { frames: [{ rect, x }], stops } = chart.drawn;
  if (key === '0') { chart.setZoom(null); return; }
  const middle = chart.stop < 0 ? 0.5 : (stops[chart.stop].px - rect.left) / rect.width;
  const half = key === '-' ? 1 : 0.25;
  zoomTo(chart, [middle - half, middle + half].map(x.value));
}

// The width of the narrowest bins.
function leastStep({ x: { low, high }, panels }) {
  const widths = panels.flatMap((panel) => panel.curves).map((curve) => 2 * curve.half).filter((wide) => wide > 0);
  return Math.min(high - low, ...widths);
}

// The narrowest zoom: a few of the bins that the page has, which may be some of many.
function leastZoom({ x: { low, high }, panels }) {
  const counts = panels.flatMap((panel) => panel.curves).map((curve) => curve.runs.reduce((sum, run) => sum + run.x.length, 0));
  return (high - low) * 5 / Math.max(5, ...counts);
}

// Zooms to a part of the axis: never to so little that there is nothing to see.
function zoomTo(chart, [from, to]) {
  const figure = figureOf(chart);
  const [{ low, high }, least] = [figure.x, leastZoom(figure)];
  const [middle, half] = [(from + to) / 2, Math.max(to - from, least) / 2];
  const zoom = [Math.max(low, Math.min(middle - half, high - least)), Math.min(high, Math.max(middle + half, low + least))];
  chart.setZoom(zoom[0] <= low && zoom[1] >= high ? null : zoom);
}

function startDrag(chart, event) {
  if (event.button !== 0) return;
  [chart.drag] = positionIn(chart, event);
  chart.plot.setPointerCapture(event.pointerId);
  if (event.pointerType !== 'touch') showStop(chart, -1);
}

function dragTo(chart, event) {
  const { overlay, frames } = chart.drawn;
  const [from, to] = [chart.drag, positionIn(chart, event)[0]].sort((one, other) => one - other);
  const { top } = frames[0].rect;
  const { rect } = frames[frames.length - 1];
  showStop(chart, -1);
  overlay.replaceChildren(svg('rect', { x: round(from), y: top, width: round(to - from), height: rect.top + rect.height - top, fill: chart.theme.ink, 'fill-opacity': 0.13 }));
}

function endDrag(chart, event) {
  if (chart.drag === null) return;
  const { frames: [frame] } = chart.drawn;
  const ends = [chart.drag, positionIn(chart, event)[0]].sort((one, other) => one - other);
  chart.drag = null;
  if (ends[1] - ends[0] < 6) { showStop(chart, nearest(chart, event), false); return; }
  const value = (px) => frame.x.value(Math.max(0, Math.min(1, (px - frame.rect.left) / frame.rect.width)));
  zoomTo(chart, ends.map(value));
}
