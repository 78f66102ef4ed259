import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareQuantile, chiSquareUpperTail } from '../../../../src/core/stats/chi-square.ts';
import { noncentralTTwoSidedP } from '../../../../src/core/stats/noncentral-t.ts';
import { normalQuantile, normalTwoSidedP, normalUpperTail } from '../../../../src/core/stats/normal.ts';
import { tCritical, tQuantile, tTwoSidedP, tUpperTail } from '../../../../src/core/stats/student-t.ts';
import { relativeError } from './relative-error.ts';

// Reference values by mpmath with 40 and more digits (erfc, betainc and gammainc, quadrature of the densities).
describe('the normal distribution', () => {
  it.each([
    [0.01, 0.4960106436853684],
    [1.96, 0.024997895148220435],
    [5.7, 5.990371401063528e-9],
    [37, 5.725571222524577e-300],
  ])('has the upper tail of z = %d with all its digits', (z, p) => {
    expect(relativeError(normalUpperTail(z), p)).toBeLessThan(1e-13);
    expect(normalUpperTail(-z)).toBe(1 - normalUpperTail(z));
    expect(normalTwoSidedP(-z)).toBe(2 * normalUpperTail(z));
  });

  it.each([
    [1e-20, -9.262340089798407],
    [0.07, -1.4757910281791706],
    [0.5000001, 2.506628273311648e-7],
  ])('has the quantile of p = %d with all its digits', (p, z) => {
    expect(relativeError(normalQuantile(p), z)).toBeLessThan(1e-14);
  });

  it('ends in 0, not in NaN', () => {
    expect(normalUpperTail(1e308)).toBe(0);
    expect(normalUpperTail(-1e308)).toBe(1);
  });
});

describe("Student's t distribution", () => {
  it.each([
    [50, 40, 1.1117395583690465e-37],
    [20, 198, 2.068940257467817e-49],
    [15, 5000, 8.764974436927666e-50],
    [37, 99999, 1.1975180043683126e-297],
    [37, 1e5, 1.197462824342466e-297],
    [9, 1e6, 2.26097303349286e-19],
    [37, 1e8, 1.1504999776822916e-299],
  ])('has the tail of t = %d with %d degrees of freedom with twelve digits', (t, df, p) => {
    expect(relativeError(tTwoSidedP(t, df), p)).toBeLessThan(1e-12);
  });

  it("is Cauchy's with one degree of freedom, however far out", () => {
    expect(relativeError(tTwoSidedP(1e200, 1), 2 / (Math.PI * 1e200))).toBeLessThan(1e-12);
    expect(relativeError(tUpperTail(3, 1), 0.5 - Math.atan(3) / Math.PI)).toBeLessThan(1e-14);
  });

  it.each([
    [0.499999, 1, -3.141592653516074e-6],
    [1e-10, 2, -70710.67810804815],
    [0.001, 2.5, -13.822193110865964],
    [0.9, 10, 1.3721836411103359],
    [0.9995, 198, 3.340340277454741],
  ])('has the quantile of p = %d with %d degrees of freedom', (p, df, t) => {
    expect(relativeError(tQuantile(p, df), t)).toBeLessThan(1e-12);
  });

  it('has quantiles that its tail leads back', () => {
    const p = fc.double({ min: 1e-12, max: 0.999, noNaN: true });
    const df = fc.double({ min: 0.5, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(p, df, (alpha, degrees) => {
        expect(relativeError(tTwoSidedP(tCritical(alpha, degrees), degrees), alpha)).toBeLessThan(1e-9);
      }),
    );
  });

  it('has a smaller tail farther out', () => {
    const t = fc.double({ min: 0, max: 50, noNaN: true });
    const df = fc.double({ min: 0.5, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(t, t, df, (first, second, degrees) => {
        const [near, far] = [Math.min(first, second), Math.max(first, second)];
        expect(tTwoSidedP(far, degrees)).toBeLessThanOrEqual(tTwoSidedP(near, degrees) * (1 + 1e-12));
      }),
    );
  });
});

describe('the chi-square distribution', () => {
  it.each([
    [0.001, 1, 0.9747728793699604],
    [1.5, 3, 0.6822703303362125],
    [22.5, 7.5, 0.0029378388910034406],
    [900, 1000, 0.9892827619087102],
    [1500, 1000, 1.0454640385979658e-22],
    [100000, 100000, 0.4994052918952067],
  ])('has the upper tail of x = %d with %d degrees of freedom', (x, df, p) => {
    expect(relativeError(chiSquareUpperTail(x, df), p)).toBeLessThan(1e-12);
  });

  it.each([
    [1e-12, 1, 1.5707963267948931e-24],
    [0.95, 1, 3.8414588206941245],
    [0.05, 3, 0.3518463177492714],
    [0.999999, 3, 30.664849706154268],
    [0.5, 50, 49.33493673397683],
  ])('has the quantile of p = %d with %d degrees of freedom', (p, df, x) => {
    expect(relativeError(chiSquareQuantile(p, df), x)).toBeLessThan(1e-10);
  });

  it('is 1 from 0 down', () => {
    expect(chiSquareUpperTail(0, 3)).toBe(1);
    expect(chiSquareUpperTail(-1, 3)).toBe(1);
  });
});

describe('the noncentral t distribution', () => {
  it.each([
    [2, 1, 0.05, 0.12575631775705273],
    [-3, 3, 1e-6, 2.2546071346305397e-5],
    [2, 5.5, 0.05, 0.38051809567162664],
    [-3, 58, 1e-6, 0.01434282409234674],
  ])('gives the power at noncentrality %d, df %d, alpha %d', (noncentrality, df, alpha, power) => {
    expect(relativeError(noncentralTTwoSidedP({ noncentrality, df, alpha }), power)).toBeLessThan(1e-10);
  });

  it.each([0.5, 3, 1e3, 1e9])('rejects with probability alpha without an effect, df %d', (df) => {
    expect(relativeError(noncentralTTwoSidedP({ noncentrality: 0, df, alpha: 0.01 }), 0.01)).toBeLessThan(
      1e-10,
    );
  });
});
