// The page: charts, sliders, table.

const DATA = JSON.parse(byId('data').textContent);
for (const figure of DATA.charts.flatMap((chart) => chart.figures)) {
  // What hides a curve is the same at all points.
  for (const entry of figure.legend) entry.key = JSON.stringify(entry);
  for (const panel of figure.panels) {
    panel.curves = panel.curves || [];
    // Where a line leaves the plot there is no value.
    for (const run of panel.curves.flatMap((curve) => curve.runs)) run.isData = run.x.map((_, place) => !run.edges?.includes(place));
    panel.bars = panel.bars || [];
    // What the plot is of, unless its only curve says so.
    const [curve, ...others] = panel.curves;
    const isOfCurve = curve && !others.length && figure.legend[curve.of].label === panel.caption;
    panel.plot = isOfCurve ? '' : panel.caption || '';
  }
}

// The entries of a legend. What has one look only is named by the axes.
function legendOf(figure) {
  const arePoints = figure.panels.every((panel) => panel.curves.every((curve) => curve.runs.every((run) => run.x.length < 2)));
  return figure.legend.map((entry, place) => ({ ...entry, place, isPoint: arePoints })).filter((entry) => entry.label);
}

function makeChart(data, number) {
  const element = document.querySelector(`[data-name="${CSS.escape(data.name)}"].chart`);
  const [plot, tip, said] = [
    html('div', { class: 'plot', tabindex: 0, role: 'group', 'aria-roledescription': 'chart', 'aria-label': `${data.title}. Arrow keys read the values${data.kind === 'timeline' ? ', plus and minus zoom, 0 resets' : ''}.` }),
    html('div', { class: 'tip', hidden: true, 'aria-hidden': 'true' }),
    html('p', { class: 'hidden', role: 'status' }),
  ];
  const [at, legend, remarks] = [html('p', { class: 'at' }), html('ul', { class: 'legend' }), html('div', { class: 'remarks' })];
  const reset = html('button', { type: 'button', hidden: true, onclick: () => chart.setZoom(null) }, 'Reset zoom');
  const tools = html('p', { class: 'tools' }, reset,
    html('button', { type: 'button', 'aria-label': `Save SVG of ${data.title}`, onclick: () => save(fileName(chart, 'svg'), 'image/svg+xml', svgFile(chart)) }, 'Save SVG'),
    html('button', { type: 'button', 'aria-label': `Save CSV of ${data.title}`, onclick: () => save(fileName(chart, 'csv'), 'text/csv', csvFile(rowsToSave(chart))) }, 'Save CSV'));
  const details = html('details', { ontoggle: () => showTable(chart, details) }, html('summary', {}, 'Values as a table'));
  const chart = {
    data, number, element, plot, tip, said, hidden: new Set(), zoom: null, drag: null, point: 0, stop: -1,
    hasSliders: DATA.sliders.sliders.length > 0,
    draw: (options = {}) => drawChart(chart, { at, remarks, ...options }),
    setZoom(zoom) {
      chart.zoom = zoom;
      reset.hidden = !zoom;
      chart.said.textContent = zoom ? zoomText(zoom, figureOf(chart).x.unit) : 'the whole time';
      chart.draw();
      showLegend(chart, legend);
    },
    show(point) {
      chart.point = point;
      chart.draw();
      showLegend(chart, legend);
      if (details.open) showTable(chart, details);
    },
    showLegend: () => showLegend(chart, legend),
  };
  element.querySelector('.fallback')?.remove();
  element.append(at, plot, said, legend, remarks, tools, details);
  makePointer(chart);
  return chart;
}

// The ends of a zoom, with the digits that tell them apart.
function zoomText([low, high], unit) {
  const decimals = decimalsOf((high - low) / 10);
  return `from ${fixed(low, decimals)} to ${withUnit(fixed(high, decimals), unit)}`;
}

function drawChart(chart, { at, remarks, theme, width }) {
  chart.theme = theme || themeOf(darkness.matches);
  chart.width = width || Math.max(240, chart.plot.clientWidth || 640);
  chart.drawn = pictureOf(chart, chart);
  chart.drawn.overlay = svg('g', { 'pointer-events': 'none' });
  chart.drawn.picture.append(chart.drawn.overlay);
  chart.stop = -1;
  chart.tip.hidden = true;
  chart.plot.replaceChildren(chart.drawn.picture, chart.tip);
  at.textContent = pointOf(chart);
  at.hidden = !at.textContent;
  remarks.replaceChildren(...remarksOf(chart).map((text) => html('p', {}, text)));
}

function showLegend(chart, legend) {
  const figure = figureOf(chart);
  const entries = legendOf(figure);
  const isFocused = legend.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const plain = (entry) => html('li', { class: 'plain' }, swatch(entry, chart.theme), entry.label);
  const item = (entry) => {
    if (entries.length < 2) return plain(entry);
    const press = () => {
      if (!chart.hidden.delete(entry.key)) chart.hidden.add(entry.key);
      chart.draw();
      showLegend(chart, legend);
    };
    return html('li', {}, html('button', { type: 'button', 'data-key': entry.key, 'aria-pressed': String(!chart.hidden.has(entry.key)), onclick: press }, swatch(entry, chart.theme), entry.label));
  };
  legend.replaceChildren(...entries.map(item), ...marksIn(chart.drawn.picture, figure).map(plain));
  if (isFocused !== null) [...legend.querySelectorAll('button')].find((button) => button.dataset.key === isFocused)?.focus();
}

// More rows than this are in the saved file only.
const MOST_ROWS = 1_000;

function showTable(chart, details) {
  if (!details.open) return;
  const [head, ...rows] = rowsOf(chart);
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const pick = (row) => row.filter((_, column) => used[column]);
  const more = rows.length > MOST_ROWS ? html('p', {}, `${rows.length - MOST_ROWS} more rows are in the CSV.`) : '';
  details.querySelector('.scroll')?.remove();
  details.append(html('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Values of ${chart.data.title}` },
    html('table', {}, html('thead', {}, html('tr', {}, pick(head).map((name) => html('th', { scope: 'col' }, name)))),
      html('tbody', {}, rows.slice(0, MOST_ROWS).map((row) => html('tr', {}, pick(row).map((text) => html('td', { class: Number.isNaN(Number(text)) ? 'words' : null }, text)))))), more));
}

function makeSliders(charts, table, onPoint) {
  const inputs = [...document.querySelectorAll('[data-slider]')];
  if (!inputs.length) return;
  const { sliders, points } = DATA.sliders;
  const only = byId('only');
  // A long table is easier to read a point at a time.
  if (only) only.checked = table.querySelectorAll('tr[data-name]').length > 16;
  function update() {
    const places = inputs.map((input) => Number(input.value));
    const point = Math.max(0, points.findIndex((other) => other.every((place, slider) => place === places[slider])));
    inputs.forEach((input, slider) => {
      const words = sliders[slider].values[places[slider]];
      byId(`slider-value-${slider}`).textContent = words;
      input.setAttribute('aria-valuetext', words);
    });
    for (const chart of charts) chart.show(point);
    showPoint(table, only?.checked ? point : null);
    onPoint();
  }
  for (const input of inputs) input.addEventListener('input', update);
  only?.addEventListener('change', update);
  byId('sweep').hidden = false;
  update();
}

function main() {
  const table = byId('table');
  makeSortable(table);
  const limit = byId('limit');
  const updateLimit = limit ? makeLimit(table, limit) : () => {};
  const charts = DATA.charts.map(makeChart);
  const drawAll = (options) => { for (const chart of charts) { chart.draw(options); chart.showLegend(); } };
  const dots = () => showDots(table, DATA.colors, themeOf(darkness.matches));
  drawAll();
  dots();
  makeSliders(charts, table, updateLimit);
  darkness.addEventListener('change', () => { drawAll(); dots(); });
  window.addEventListener('beforeprint', () => drawAll({ theme: themeOf(false), width: 560 }));
  window.addEventListener('afterprint', () => drawAll());
  let width = window.innerWidth;
  window.addEventListener('resize', () => {
    if (window.innerWidth !== width) drawAll();
    width = window.innerWidth;
  });
  const kinds = { csv: 'text/csv', toml: 'application/toml' };
  const buttons = DATA.files.map((file) => html('button', { type: 'button', onclick: () => save(file.name, kinds[file.kind], file.text) }, `Save ${file.name}`));
  byId('saves').replaceChildren(...buttons);
  byId('saves').hidden = !buttons.length;
  makeCopies();
}

main();
