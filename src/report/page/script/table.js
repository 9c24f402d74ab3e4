// The table of results: sorting, the limit on the latency, the rows of one point.

function makeSortable(table) {
  const heads = [...table.querySelectorAll('thead th')];
  const status = html('p', { class: 'hidden', role: 'status' });
  table.after(status);
  heads.forEach((head, column) => {
    const [label, unit] = [head.firstChild.textContent.trim(), head.querySelector('.unit')];
    const name = unit ? `${label} in ${unit.textContent}` : label;
    head.replaceChildren(html('button', { type: 'button', onclick: () => sortBy(column, name) }, label, unit ? ' ' : '', unit || ''));
  });
  function sortBy(column, name) {
    const isRising = heads[column].getAttribute('aria-sort') !== 'ascending';
    for (const head of heads) head.removeAttribute('aria-sort');
    heads[column].setAttribute('aria-sort', isRising ? 'ascending' : 'descending');
    for (const body of table.tBodies) {
      const rows = [...body.rows].filter((row) => row.dataset.name !== undefined);
      body.append(...rows.map((row) => [keyOf(row, column), row]).sort((one, other) => order(one[0], other[0], isRising)).map(([, row]) => row));
    }
    status.textContent = `sorted by ${name}, ${isRising ? 'ascending' : 'descending'}`;
  }
}

function keyOf(row, column) {
  if (column === 0) return row.dataset.name;
  const cell = row.cells[column];
  return cell.dataset.order === undefined ? null : Number(cell.dataset.order);
}

// What has no value comes last, whichever way.
function order(one, other, isRising) {
  if (one === null || other === null) return (one === null) - (other === null);
  const sign = typeof one === 'string' ? one.localeCompare(other, 'en', { numeric: true }) : one - other;
  return isRising ? sign : -sign;
}

function makeLimit(table, input) {
  const rows = [...table.querySelectorAll('tr[data-name]')];
  const lates = rows.map((row) => Number(row.dataset.late)).filter((late) => late > 0);
  const [low, high] = [Math.min(...lates) * 0.7, Math.max(...lates) * 1.05];
  const steps = Number(input.max);
  function update() {
    const limit = low * (high / low) ** (Number(input.value) / steps);
    const isAny = Number(input.value) === steps;
    const words = isAny ? 'any delay' : timeText(limit);
    byId('limit-value').textContent = words;
    input.setAttribute('aria-valuetext', words);
    const isInTime = (row) => row.dataset.late !== undefined && Number(row.dataset.late) <= limit;
    for (const row of rows) {
      row.classList.toggle('late', !isInTime(row));
      row.classList.remove('cheapest');
    }
    const shown = rows.filter((row) => !row.hidden && !row.parentNode.hidden && isInTime(row) && row.dataset.cost);
    const isGrey = rows.some((row) => row.classList.contains('late'));
    byId('limit-answer').replaceChildren(...cheapest(shown, words, isAny), isGrey ? html('span', { class: 'small' }, ' Grey: later, or not of all messages.') : '');
  }
  input.addEventListener('input', update);
  byId('limit-box').hidden = false;
  update();
  return update;
}

// The words on the cheapest row. Those whose intervals overlap cannot be told apart.
function cheapest(rows, words, isAny) {
  const priced = rows.map((row) => ({ row, cost: row.dataset.cost.split(' ').map(Number) }));
  priced.sort((one, other) => one.cost[0] - other.cost[0]);
  const within = isAny ? 'However late: ' : `95 of 100 messages within ${words}: `;
  if (!priced.length) return [within, html('b', { class: 'none' }, 'nothing does it'), '.'];
  const best = priced.filter(({ cost }) => cost[1] <= priced[0].cost[2]);
  for (const { row } of best) row.classList.add('cheapest');
  const names = best.map(({ row }) => html('b', {}, nameOf(row)));
  if (names.length > 4) names.splice(3, names.length - 3, `${names.length - 3} more`);
  const list = names.flatMap((name, place) => [place ? (place + 1 === names.length ? ' and ' : ', ') : '', name]);
  const verb = best.length > 1 ? ' are the cheapest and cannot be told apart, ' : ' is the cheapest, ';
  // A number without an interval is said with "about".
  const isRough = priced.length > 1 && rows.some((row) => row.dataset.costText.startsWith('about '));
  return [within, ...list, verb, `${priced[0].row.dataset.costText} a message${isRough ? '; without intervals the order may be chance' : ''}.`];
}

function nameOf(row) {
  const part = row.parentNode.querySelector('.part');
  if (part && row.closest('table').tBodies.length > 1 && !byId('only')?.checked) return `${row.dataset.name} (${part.textContent.trim()})`;
  const heading = row.closest('table').dataset.heading;
  return heading ? `${heading} = ${row.dataset.name}` : row.dataset.name;
}

// Shows the rows of one point; of all points with null.
function showPoint(table, point) {
  for (const body of table.tBodies) {
    const row = body.querySelector('tr[data-name]');
    body.hidden = point !== null && row !== null && Number(row.dataset.point) !== point;
  }
}

// The dots with the colours that the transports have in the charts.
function showDots(table, colors, theme) {
  for (const row of table.querySelectorAll('tr[data-name]')) {
    const color = colors[row.dataset.transport];
    const dot = row.querySelector('.dot');
    dot.classList.toggle('shown', color !== undefined);
    if (color) dot.replaceChildren(svg('svg', { viewBox: '0 0 10 10' }, svg('circle', { cx: 5, cy: 5, r: 4.5, fill: visible(color, theme) })));
  }
}
