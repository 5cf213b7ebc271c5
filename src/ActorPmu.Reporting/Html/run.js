'use strict';
(() => {
  const run = JSON.parse(document.getElementById('run').textContent);

  // Where there is no room for words beside the lanes, they stand above their row, and the lanes are close together.
  const narrow = matchMedia('(max-width: 45rem)').matches;
  const rowHeight = narrow ? 40 : 22, headHeight = narrow ? 116 : 34, top = 4, cpuWidth = narrow ? 84 : 132, numberWidth = narrow ? 34 : 44;
  const cpus = run.lanes.filter(lane => lane.kind === 'cpu').length;
  const laneWidth = narrow ? Math.max(24, Math.min(60, (innerWidth - 32 - numberWidth - cpus * cpuWidth) / Math.max(1, run.lanes.length - cpus))) : 92;
  const bandWidth = narrow ? 24 : 36, levelShift = { Task: -bandWidth + 4, HardIrq: narrow ? 4 : 6, Nmi: narrow ? 28 : 42 };
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
  const around = n => {
    const seen = new Set([n]);
    for (let s = n; s > 0; s--) { if (seen.has(s)) { before[s].forEach(b => seen.add(b)); } }
    const after = new Set([n]);
    for (let s = n + 1; s < before.length; s++) { if (before[s].some(b => after.has(b))) { after.add(s); seen.add(s); } }
    return seen;
  };

  function head(width) {
    const svg = make('svg', { class: 'head', width, height: headHeight });
    for (const { lane, x } of lanes.values()) {
      const place = narrow ? { transform: `translate(${x + 4} ${headHeight - 16}) rotate(-80)` } : { x, y: 14, 'text-anchor': 'middle' };
      svg.append(make('text', place, lane.name));
      if (lane.kind === 'cpu') {
        ['task', 'IRQ', 'NMI'].forEach((name, i) => svg.append(
          make('text', { x: x + (i - 0.8) * bandWidth, y: headHeight - 4, 'text-anchor': 'middle', 'font-size': 9 }, name)));
      }
    }
    return svg;
  }

  function draw() {
    shown = run.steps.filter(s => all || !s.quiet);
    const width = right + (narrow ? 700 : 1100), height = top + shown.length * rowHeight + 8;
    const svg = make('svg', { class: 'steps', width, height, role: 'img', 'aria-label': shown.length + ' steps' });
    for (const { lane, x, left, width } of lanes.values()) {
      if (lane.kind === 'cpu') {
        svg.append(
          make('rect', { class: 'band', x: left + 6, y: top, width: width - 12, height: height - top }),
          make('rect', { class: 'irq', x: x - bandWidth / 3, y: top, width: bandWidth, height: height - top }),
          make('rect', { class: 'nmi', x: x + bandWidth * 2 / 3, y: top, width: bandWidth, height: height - top }));
      } else {
        svg.append(make('line', { class: 'lane', x1: x, x2: x, y1: top, y2: height }));
      }
    }
    const at = new Map();
    rows = shown.map((step, i) => {
      const middle = top + i * rowHeight + rowHeight / 2, y = narrow ? middle + 9 : middle;
      const group = make('g', { class: 'row' + (!step.answer && run.race.includes(step.n) ? ' race' : '') });
      group.append(make('rect', { class: 'hit', x: 0, y: middle - rowHeight / 2, width, height: rowHeight }));
      const x = xOf(step.to, step.level);
      if (!step.answer) {
        at.set(step.n, { x, y });
        const from = at.get(step.cause);
        const x1 = from && delivered[step.cause - 1].to === step.from ? from.x : xOf(step.from, 'Task');
        const y1 = from ? Math.max(from.y, y - 3 * rowHeight) : y - rowHeight / 2;
        if (x1 !== x) { group.append(make('path', { class: 'message', d: `M${x1} ${y1} L${x} ${y}` })); }
        group.append(make('circle', { class: 'dot', cx: x, cy: y, r: 3.5 }), make('text', { class: 'number', x: 4, y: narrow ? middle - 4 : y + 4 }, step.n));
      } else {
        group.append(make('rect', { class: 'dot', x: x - 3, y: y - 3, width: 6, height: 6 }));
      }
      const label = make('text', narrow ? { class: 'label', x: numberWidth, y: middle - 4 } : { class: 'label', x: right + 8, y: y + 4 }, step.what);
      if (step.changed.length) { label.append(make('tspan', { class: 'changed', dx: 14 }, step.changed.join('; '))); }
      group.append(label);
      group.addEventListener('click', () => pick(i));
      svg.append(group);
      return group;
    });
    const [a, b] = run.race.map(n => at.get(n));
    if (a && b) { svg.append(make('path', { class: 'race-link', d: `M${numberWidth - 8} ${a.y} H${numberWidth - 2} V${b.y} H${numberWidth - 8}` })); }
    chart.replaceChildren(head(width), svg);
  }

  function pick(i) {
    if (i < 0 || i >= rows.length) { return; }
    if (rows[picked]) { rows[picked].classList.remove('picked'); }
    picked = i;
    const step = shown[i];
    rows[i].classList.add('picked');
    const mine = around(step.n);
    shown.forEach((other, k) => rows[k].classList.toggle('apart', !mine.has(other.n)));
    rows[i].scrollIntoView({ block: 'nearest' });
    history.replaceState(null, '', '#s' + step.n);
    details.replaceChildren();
    const line = say(details, 'div', '');
    say(line, 'b', (step.answer ? 'in step ' : 'step ') + step.n + '  ');
    say(line, 'span', step.what + '  ');
    say(line, 'span', step.answer ? '' : `from ${lanes.get(step.from).lane.name}` + (step.cause ? `, sent in step ${step.cause}` : '') + `; ${step.options} could have come`, 'faint');
    if (step.changed.length) { say(details, 'div', step.changed.join('; ')); }
    if (step.details.length) { say(details, 'div', step.details.join('; '), 'faint'); }
  }

  const find = n => shown.findIndex(s => s.n === n && !s.answer);
  function press(key) {
    const n = picked >= 0 ? shown[picked].n : 0;
    switch (key) {
      case 'j': case 'ArrowDown': pick(picked + 1); break;
      case 'k': case 'ArrowUp': pick(picked - 1); break;
      case 'Home': pick(0); break;
      case 'End': pick(rows.length - 1); break;
      case 'r': if (run.race.length) { pick(find(run.race[(run.race.indexOf(n) + 1) % run.race.length])); } break;
      case 'a': all = !all; picked = -1; draw(); pick(Math.max(0, find(n))); break;
      default: return false;
    }
    return true;
  }

  document.addEventListener('keydown', e => {
    if (!e.ctrlKey && !e.metaKey && !e.altKey && press(e.key)) { e.preventDefault(); }
  });
  for (const button of document.querySelectorAll('button')) {
    button.addEventListener('click', () => press(button.dataset.key));
    button.hidden = button.dataset.key === 'r' && !run.race.length;
  }

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
