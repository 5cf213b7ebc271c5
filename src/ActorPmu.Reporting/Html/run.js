'use strict';
(() => {
  const run = JSON.parse(document.getElementById('run').textContent);
  const rowHeight = 22, top = 34, laneWidth = 92, cpuWidth = 132, numberWidth = 44;
  const levelShift = { Task: -32, HardIrq: 6, Nmi: 42 };
  const svgNames = 'http://www.w3.org/2000/svg';
  const chart = document.getElementById('chart'), details = document.getElementById('details');
  let all = false, picked = -1, rows = [], shown = [];

  const make = (name, attributes, text) => {
    const element = document.createElementNS(svgNames, name);
    for (const key in attributes) { element.setAttribute(key, attributes[key]); }
    if (text !== undefined) { element.textContent = text; }
    return element;
  };
  const say = (parent, name, text, className) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) { element.className = className; }
    parent.appendChild(element);
    return element;
  };

  // Where each lane is.
  const lanes = new Map();
  let right = numberWidth;
  for (const lane of run.lanes) {
    const width = lane.kind === 'cpu' ? cpuWidth : laneWidth;
    lanes.set(lane.id, { lane, x: right + width / 2, left: right, width });
    right += width;
  }
  const xOf = (id, level) => lanes.get(id).x + (lanes.get(id).lane.kind === 'cpu' ? levelShift[level] : 0);

  // What must come before a step: what sent its message, and what its receiver took before.
  const delivered = run.steps.filter(s => !s.answer);
  const before = [], last = new Map();
  for (const step of delivered) {
    before[step.n] = [step.cause, last.get(step.to) || 0];
    last.set(step.to, step.n);
  }
  const past = n => {
    const seen = new Set([n]);
    for (let s = n; s > 0; s--) { if (seen.has(s)) { before[s].forEach(b => seen.add(b)); } }
    return seen;
  };

  function draw() {
    shown = run.steps.filter(s => all || !s.quiet);
    const height = top + shown.length * rowHeight + 8;
    const svg = make('svg', { width: right + 1100, height, role: 'img', 'aria-label': shown.length + ' steps' });
    for (const { lane, x, left, width } of lanes.values()) {
      if (lane.kind === 'cpu') {
        svg.append(
          make('rect', { class: 'band', x: left + 6, y: top, width: width - 12, height: height - top }),
          make('rect', { class: 'irq', x: x - 12, y: top, width: 36, height: height - top }),
          make('rect', { class: 'nmi', x: x + 24, y: top, width: 36, height: height - top }),
          make('text', { x: x - 44, y: top - 4, 'font-size': 9 }, 'task'),
          make('text', { x: x - 4, y: top - 4, 'font-size': 9 }, 'IRQ'),
          make('text', { x: x + 32, y: top - 4, 'font-size': 9 }, 'NMI'));
      } else {
        svg.append(make('line', { class: 'lane', x1: x, x2: x, y1: top, y2: height }));
      }
      svg.append(make('text', { x, y: 14, 'text-anchor': 'middle' }, lane.name));
    }
    const at = new Map();
    rows = shown.map((step, i) => {
      const y = top + i * rowHeight + rowHeight / 2;
      const group = make('g', { class: 'row' + (!step.answer && run.race.includes(step.n) ? ' race' : '') });
      group.append(make('rect', { class: 'hit', x: 0, y: y - rowHeight / 2, width: right + 1100, height: rowHeight }));
      const x = xOf(step.to, step.level);
      if (!step.answer) {
        at.set(step.n, { x, y });
        const from = at.get(step.cause);
        const x1 = from && delivered[step.cause - 1].to === step.from ? from.x : xOf(step.from, 'Task');
        const y1 = from ? Math.max(from.y, y - 3 * rowHeight) : y - rowHeight / 2;
        if (x1 !== x) { group.append(make('path', { class: 'message', d: `M${x1} ${y1} L${x} ${y}` })); }
        group.append(make('circle', { class: 'dot', cx: x, cy: y, r: 3.5 }), make('text', { class: 'number', x: 4, y: y + 4 }, step.n));
      } else {
        group.append(make('rect', { class: 'dot', x: x - 3, y: y - 3, width: 6, height: 6 }));
      }
      const label = make('text', { x: right + 8, y: y + 4 }, step.what);
      if (step.changed.length) { label.append(make('tspan', { class: 'changed', dx: 14 }, step.changed.join('; '))); }
      group.append(label);
      group.addEventListener('click', () => pick(i));
      svg.append(group);
      return group;
    });
    const [a, b] = run.race.map(n => at.get(n));
    if (a && b) { svg.append(make('path', { class: 'race-link', d: `M${numberWidth - 8} ${a.y} H${numberWidth - 2} V${b.y} H${numberWidth - 8}` })); }
    chart.replaceChildren(svg);
  }

  function pick(i) {
    if (i < 0 || i >= rows.length) { return; }
    if (rows[picked]) { rows[picked].classList.remove('picked'); }
    picked = i;
    const step = shown[i];
    rows[i].classList.add('picked');
    const mine = past(step.n);
    shown.forEach((other, k) => rows[k].classList.toggle('apart', other.n < step.n ? !mine.has(other.n) : other.n > step.n && !past(other.n).has(step.n)));
    rows[i].scrollIntoView({ block: 'nearest' });
    history.replaceState(null, '', '#s' + step.n);
    details.replaceChildren();
    const head = say(details, 'div', '');
    say(head, 'b', (step.answer ? 'in step ' : 'step ') + step.n + '  ');
    say(head, 'span', step.what + '  ');
    say(head, 'span', step.answer ? '' : `from ${lanes.get(step.from).lane.name}` + (step.cause ? `, sent in step ${step.cause}` : '') + `; ${step.options} could have come`, 'faint');
    if (step.changed.length) { say(details, 'div', step.changed.join('; ')); }
    if (step.details.length) { say(details, 'div', step.details.join('; '), 'faint'); }
  }

  const find = n => shown.findIndex(s => s.n === n && !s.answer);
  document.addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey) { return; }
    const n = picked >= 0 ? shown[picked].n : 0;
    switch (e.key) {
      case 'j': case 'ArrowDown': pick(picked + 1); break;
      case 'k': case 'ArrowUp': pick(picked - 1); break;
      case 'Home': pick(0); break;
      case 'End': pick(rows.length - 1); break;
      case 'r': if (run.race.length) { pick(find(run.race[(run.race.indexOf(n) + 1) % run.race.length])); } break;
      case 'a': all = !all; picked = -1; draw(); pick(Math.max(0, find(n))); break;
      default: return;
    }
    e.preventDefault();
  });

  run.violations.forEach(v => say(document.getElementById('violations'), 'li', v));
  run.why.forEach(w => say(document.getElementById('why'), 'li', w));
  say(document.getElementById('replay'), 'code', run.replay);
  for (const stack of run.stacks) {
    say(document.getElementById('stacks'), 'h2', stack.cpu + ' at the end');
    say(document.getElementById('stacks'), 'pre', stack.lines.join('\n'));
  }
  const asked = /^#s(\d+)$/.exec(location.hash);
  if (asked && !shown.length) { all = delivered.some(s => s.n === Number(asked[1]) && s.quiet); }
  draw();
  pick(asked ? Math.max(0, find(Number(asked[1]))) : run.race.length ? find(run.race[run.race.length - 1]) : rows.length - 1);
})();
