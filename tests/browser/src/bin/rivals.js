// The same loops as in the tasks, written for a JavaScript engine: typed arrays, no allocation in the loop. Whatever changes at every step is
// a variable of the running function: as a variable of a function around it, a whole number of 32 bits would be allocated anew each time.
// Numbers are doubles where that is faster (no conversion on every load) and sums are the same.

// A small generator with 32-bit state words (xoshiro128++).
const SEED = [1, 0x9e3779b9, 0x243f6a88, 0xb7e15162];
const generator = seed => {
    let [a, b, c, d] = [seed, ...SEED.slice(1)];
    const bits = () => {
        const sum = (a + d) | 0, result = (((sum << 7) | (sum >>> 25)) + a) | 0, t = b << 9;
        c ^= a; d ^= b; b ^= c; a ^= d; c ^= t; d = (d << 11) | (d >>> 21);
        return result >>> 0;
    };
    for (let i = 0; i < 20; i++) bits();
    return bits;
};

// T1: Q-learning, epsilon .1, alpha .1, gamma .95, episodes of 100 steps. `problem` has for each pair up to `width` successors with
// cumulative probabilities (of 2^32) and rewards; each state has room for `stride` actions. The best slot of each state is kept: it is the
// target and the next choice, and is looked for only where an update may have changed it.
const table = (problem, steps) => {
    const { stride, width, slots, cumulative, next, reward } = problem;
    const q = new Float64Array(slots.length * stride), best = new Int32Array(slots.length), threshold = 0.1 * 4294967296;
    const words = Int32Array.from(SEED);
    const scan = state => {
        const first = state * stride, count = slots[state];
        let most = q[first], at = 0;
        for (let i = 1; i < count; i++) {
            const value = q[first + i];
            if (value > most) { most = value; at = i; }
        }
        return at;
    };
    return () => {
        let [a, b, c, d] = words, state = 0, left = 100, total = 0;
        const bits = () => {
            const sum = (a + d) | 0, result = (((sum << 7) | (sum >>> 25)) + a) | 0, t = b << 9;
            c ^= a; d ^= b; b ^= c; a ^= d; c ^= t; d = (d << 11) | (d >>> 21);
            return result >>> 0;
        };
        for (let step = 0; step < steps; step++) {
            const greedy = best[state], slot = bits() < threshold ? Math.floor(bits() / 4294967296 * slots[state]) : greedy;
            const pair = state * stride + slot, draw = bits();
            let outcome = pair * width;
            while (draw >= cumulative[outcome]) outcome++;
            const after = next[outcome], gain = reward[outcome], before = q[pair];
            const value = before + 0.1 * (gain + 0.95 * q[after * stride + best[after]] - before);
            q[pair] = value;
            total += gain;
            if (slot === greedy ? value < before : value >= q[state * stride + greedy]) best[state] = scan(state);
            state = after;
            if (--left === 0) { left = 100; state = 0; }
        }
        words.set([a, b, c, d]);
        return total;
    };
};

// A random problem: 1,000 states, 10 actions, 4 successors each.
const random = () => {
    const states = 1000, stride = 10, width = 4, bits = generator(7), uniform = () => bits() / 4294967296;
    const pairs = states * stride, slots = new Int32Array(states).fill(stride);
    const cumulative = new Float64Array(pairs * width), next = new Int32Array(pairs * width), reward = new Float64Array(pairs * width);
    for (let pair = 0; pair < pairs; pair++) {
        const shares = Array.from({ length: width }, () => uniform() + 1e-3), sum = shares.reduce((a, b) => a + b), gain = uniform();
        let mass = 0;
        for (let i = 0; i < width; i++) {
            mass += shares[i] / sum;
            cumulative[pair * width + i] = i + 1 === width ? Infinity : mass * 4294967296;
            next[pair * width + i] = Math.floor(uniform() * states);
            reward[pair * width + i] = gain;
        }
    }
    return { stride, width, slots, cumulative, next, reward };
};

// A shop that holds 20, Poisson demand of mean 5.
const inventory = () => {
    const capacity = 20, stride = 21, demand = [];
    for (let d = 0, p = Math.exp(-5); d <= 40; p *= 5 / ++d) demand.push(p);
    const width = demand.length, pairs = (capacity + 1) * stride;
    const slots = Int32Array.from({ length: capacity + 1 }, (_, stock) => capacity - stock + 1);
    const cumulative = new Float64Array(pairs * width), next = new Int32Array(pairs * width), reward = new Float64Array(pairs * width);
    for (let stock = 0; stock <= capacity; stock++) {
        for (let order = 0; order <= capacity - stock; order++) {
            let mass = 0;
            demand.forEach((p, d) => {
                const at = (stock * stride + order) * width + d, sold = Math.min(d, stock + order);
                mass += p;
                cumulative[at] = d + 1 === width ? Infinity : mass * 4294967296;
                next[at] = stock + order - sold;
                reward[at] = 8 * sold - (order ? 4 : 0) - 2 * order - (stock + order);
            });
        }
    }
    return { stride, width, slots, cumulative, next, reward };
};

// T2: deep Q-learning on a random problem of 16 states and 8 actions: one-hot inputs, 16-64-64-8, batches of 32 out of 10,000, Huber loss,
// Adam, target copied every 500 updates, one update a step.
const network = steps => {
    const sizes = [16, 64, 64, 8], layers = 3, rows = 32, bits = generator(3), uniform = () => bits() / 4294967296;
    const array = size => new Float64Array(size);
    const make = () => sizes.slice(1).map((outputs, i) => ({ w: array(sizes[i] * outputs), b: array(outputs) }));
    const online = make(), target = make(), slope = make(), mean = make(), square = make();
    online.forEach(({ w }, i) => w.forEach((_, j) => { w[j] = Math.sqrt(6 / sizes[i]) * (2 * uniform() - 1) * (i === layers - 1 ? 0.1 : 1); }));
    const copy = () => online.forEach(({ w, b }, i) => { target[i].w.set(w); target[i].b.set(b); });
    copy();
    const pass = count => ({ count, values: sizes.map(size => array(size * count)), errors: sizes.map(size => array(size * count)) });
    const single = pass(1), now = pass(rows), then = pass(rows);

    // y = x w + b: one row and four columns at a time.
    const dense = (x, w, b, y, count, inputs, outputs, rectify) => {
        const even = count & ~1;
        for (let row = 0; row < even; row += 2) {
            const f = row * inputs, g = f + inputs, t = row * outputs, u = t + outputs;
            for (let column = 0; column < outputs; column += 4) {
                let p = b[column], q = b[column + 1], r = b[column + 2], s = b[column + 3], p2 = p, q2 = q, r2 = r, s2 = s;
                for (let i = 0, at = column; i < inputs; i++, at += outputs) {
                    const v = x[f + i], v2 = x[g + i], k = w[at], l = w[at + 1], m = w[at + 2], n = w[at + 3];
                    p += v * k; q += v * l; r += v * m; s += v * n;
                    p2 += v2 * k; q2 += v2 * l; r2 += v2 * m; s2 += v2 * n;
                }
                y[t + column] = rectify && p < 0 ? 0 : p; y[t + column + 1] = rectify && q < 0 ? 0 : q;
                y[t + column + 2] = rectify && r < 0 ? 0 : r; y[t + column + 3] = rectify && s < 0 ? 0 : s;
                y[u + column] = rectify && p2 < 0 ? 0 : p2; y[u + column + 1] = rectify && q2 < 0 ? 0 : q2;
                y[u + column + 2] = rectify && r2 < 0 ? 0 : r2; y[u + column + 3] = rectify && s2 < 0 ? 0 : s2;
            }
        }
        for (let row = even; row < count; row++) {
            const f = row * inputs, t = row * outputs;
            for (let column = 0; column < outputs; column += 4) {
                let p = b[column], q = b[column + 1], r = b[column + 2], s = b[column + 3];
                for (let i = 0, at = column; i < inputs; i++, at += outputs) {
                    const v = x[f + i];
                    p += v * w[at]; q += v * w[at + 1]; r += v * w[at + 2]; s += v * w[at + 3];
                }
                y[t + column] = rectify && p < 0 ? 0 : p; y[t + column + 1] = rectify && q < 0 ? 0 : q;
                y[t + column + 2] = rectify && r < 0 ? 0 : r; y[t + column + 3] = rectify && s < 0 ? 0 : s;
            }
        }
    };
    const forward = (net, { count, values }) => {
        for (let i = 0; i < layers; i++) dense(values[i], net[i].w, net[i].b, values[i + 1], count, sizes[i], sizes[i + 1], i + 1 < layers);
    };
    const backward = ({ count, values, errors }) => {
        for (let l = layers - 1; l >= 0; l--) {
            const inputs = sizes[l], outputs = sizes[l + 1], x = values[l], d = errors[l + 1], g = slope[l].w, gb = slope[l].b, w = online[l].w;
            for (let i = 0; i < inputs; i += 2) {
                for (let o = 0; o < outputs; o += 4) {
                    let p = 0, q = 0, r = 0, s = 0, p2 = 0, q2 = 0, r2 = 0, s2 = 0;
                    for (let row = 0, a = i, b = o; row < count; row++, a += inputs, b += outputs) {
                        const v = x[a], v2 = x[a + 1], k = d[b], l = d[b + 1], m = d[b + 2], n = d[b + 3];
                        p += v * k; q += v * l; r += v * m; s += v * n;
                        p2 += v2 * k; q2 += v2 * l; r2 += v2 * m; s2 += v2 * n;
                    }
                    const at = i * outputs + o, next = at + outputs;
                    g[at] = p; g[at + 1] = q; g[at + 2] = r; g[at + 3] = s;
                    g[next] = p2; g[next + 1] = q2; g[next + 2] = r2; g[next + 3] = s2;
                }
            }
            for (let o = 0; o < outputs; o++) {
                let sum = 0;
                for (let row = 0, b = o; row < count; row++, b += outputs) sum += d[b];
                gb[o] = sum;
            }
            if (l === 0) return;
            const before = errors[l];
            for (let row = 0; row < count; row++) {
                for (let i = 0; i < inputs; i++) {
                    let p = 0, q = 0, r = 0, s = 0;
                    if (x[row * inputs + i] > 0) {
                        for (let o = 0, a = row * outputs, b = i * outputs; o < outputs; o += 4, a += 4, b += 4) {
                            p += d[a] * w[b]; q += d[a + 1] * w[b + 1]; r += d[a + 2] * w[b + 2]; s += d[a + 3] * w[b + 3];
                        }
                    }
                    before[row * inputs + i] = p + q + r + s;
                }
            }
        }
    };
    let lackMean = 1, lackSquare = 1, updates = 0;
    const adam = () => {
        lackMean *= 0.9; lackSquare *= 0.999;
        const rate = 0.001 / (1 - lackMean), correction = Math.sqrt(1 / (1 - lackSquare));
        const move = (w, g, m, v) => {
            for (let i = 0; i < w.length; i++) {
                const slope = g[i], a = m[i] = 0.9 * m[i] + 0.1 * slope, b = v[i] = 0.999 * v[i] + 0.001 * slope * slope;
                w[i] -= rate * a / (Math.sqrt(b) * correction + 1e-8);
            }
        };
        for (let l = 0; l < layers; l++) {
            move(online[l].w, slope[l].w, mean[l].w, square[l].w);
            move(online[l].b, slope[l].b, mean[l].b, square[l].b);
        }
    };

    const room = 10000, states = new Int32Array(room), actions = new Int32Array(room), rewards = new Float64Array(room), nexts = new Int32Array(room);
    const chance = Float64Array.from({ length: 128 * 4 }, uniform), successor = Int32Array.from({ length: 128 * 4 }, () => Math.floor(16 * uniform()));
    const gain = Float64Array.from({ length: 128 }, uniform), drawn = new Int32Array(rows), aims = new Float64Array(rows);
    const best = (y, first) => {
        let at = 0, most = y[first];
        for (let a = 1; a < 8; a++) if (y[first + a] > most) { most = y[first + a]; at = a; }
        return at;
    };
    let state = 0, count = 0, loss = 0;
    return () => {
        for (let step = 0; step < steps; step++) {
            let action = Math.floor(8 * uniform());
            if (uniform() >= 0.1) {
                const x = single.values[0].fill(0);
                x[state] = 1;
                forward(online, single);
                action = best(single.values[3], 0);
            }
            const pair = state * 8 + action;
            let outcome = 4 * pair, draw = uniform() * (chance[outcome] + chance[outcome + 1] + chance[outcome + 2] + chance[outcome + 3]);
            for (let i = 0; i < 3 && draw >= chance[outcome]; i++) draw -= chance[outcome++];
            const at = count++ % room;
            states[at] = state; actions[at] = action; rewards[at] = gain[pair]; state = nexts[at] = successor[outcome];
            const known = Math.min(count, room), x = now.values[0].fill(0), z = then.values[0].fill(0);
            for (let row = 0; row < rows; row++) {
                const memory = drawn[row] = Math.floor(known * uniform());
                x[row * 16 + states[memory]] = 1;
                z[row * 16 + nexts[memory]] = 1;
            }
            forward(target, then);
            forward(online, now);
            const y = now.values[3], hope = then.values[3], error = now.errors[3].fill(0);
            for (let row = 0; row < rows; row++) {
                const memory = drawn[row], first = row * 8, at = first + actions[memory];
                const aim = rewards[memory] + 0.95 * hope[first + best(hope, first)], gap = y[at] - aim;
                loss += gap * gap;
                error[at] = Math.max(-1, Math.min(1, gap)) / rows;
            }
            backward(now);
            adam();
            if (++updates % 500 === 0) copy();
        }
        return loss;
    };
};
