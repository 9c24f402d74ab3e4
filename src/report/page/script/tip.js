// The box with the values at a place of a chart.

function showStop(chart, place, isSaid) {
  const { tip, drawn, theme, said } = chart;
  const stop = drawn.stops[place];
  chart.stop = stop ? place : -1;
  drawn.overlay.replaceChildren();
  tip.hidden = !stop;
  if (!stop) return;
  const rows = typeof stop.rows === 'function' ? stop.rows() : stop.rows;
  for (const { rect } of stop.frames || (stop.height || stop.box ? [] : drawn.frames)) {
    drawn.overlay.append(line([[stop.px, rect.top], [stop.px, rect.top + rect.height]], { stroke: theme.faint, 'stroke-dasharray': '3 3' }));
  }
  for (const [x, y] of stop.dots ? stop.dots() : []) {
    drawn.overlay.append(svg('circle', { cx: round(x), cy: round(y), r: 5.5, fill: 'none', stroke: theme.ink, 'stroke-width': 1.6 }));
  }
  if (stop.box) {
    const { left, top: y, width, height } = stop.box;
    for (const [color, wide] of [[theme.ground, 4], [theme.ink, 2]]) drawn.overlay.append(svg('rect', { x: round(left), y: round(y), width: round(width), height: round(height), fill: 'none', stroke: color, 'stroke-width': wide }));
  }
  if (stop.height) drawn.overlay.append(svg('rect', { x: 0, y: stop.y, width: chart.width, height: stop.height + 2, fill: theme.ink, 'fill-opacity': 0.07 }));
  const lines = rows.map((row) => html('p', { class: row.isHead ? 'head' : null }, row.entry ? swatch(row.entry, theme) : '', html('span', {}, row.label), html('span', {}, row.text)));
  tip.replaceChildren(html('b', {}, stop.title), ...lines);
  placeTip(chart, stop);
  if (isSaid) said.textContent = [stop.title, saidOf(rows)].filter(Boolean).join(': ');
}

// The rows in words; those under a head are of it.
function saidOf(rows) {
  const before = (place) => {
    if (!place) return '';
    if (rows[place].isHead) return '; ';
    return rows[place - 1].isHead ? ': ' : ', ';
  };
  return rows.map((row, place) => `${before(place)}${`${row.label} ${row.text}`.trim()}`).join('');
}

// Beside the place, inside the chart.
function placeTip(chart, stop) {
  const { tip, plot, width, drawn } = chart;
  const scale = plot.clientWidth / width;
  const x = stop.px * scale;
  const top = (stop.py === undefined ? drawn.frames[0].rect.top : stop.py) * scale;
  const left = x + 14 + tip.offsetWidth <= plot.clientWidth ? x + 14 : Math.max(0, x - 14 - tip.offsetWidth);
  const below = stop.height ? 18 : 6;
  tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top + below)}px)`;
}
