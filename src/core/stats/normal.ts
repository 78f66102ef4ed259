/** A quotient of two polynomials; coefficients from the highest power down. */
interface Rational {
  readonly top: readonly number[];
  readonly bottom: readonly number[];
}

const evaluatePolynomial = (coefficients: readonly number[], x: number): number => {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
};

const evaluateRational = ({ top, bottom }: Rational, x: number): number =>
  evaluatePolynomial(top, x) / evaluatePolynomial(bottom, x);

// Cody's three ranges of the tail, in the form R's pnorm.c gives them.
const CENTRE: Rational = {
  top: [0.06568233791820745, 2.2352520354606837, 161.02823106855587, 1067.6894854603709, 18154.98125334356],
  bottom: [1, 47.202581904688245, 976.0985517377767, 10260.932208618979, 45507.78933502673],
};
const MIDDLE: Rational = {
  top: [
    1.0765576773720192e-8, 0.39894151208813466, 8.883149794388377, 93.50665613217785, 597.2702763948002,
    2494.5375852903726, 6848.190450536283, 11602.65143764735, 9842.714838383978,
  ],
  bottom: [
    1, 22.266688044328117, 235.387901782625, 1519.3775994075547, 6485.558298266761, 18615.571640885097,
    34900.95272114598, 38912.00328609327, 19685.429676859992,
  ],
};
const FAR: Rational = {
  top: [
    0.023073441764940174, 0.215898534057957, 0.12740116116024736, 0.022235277870649807, 0.0014216191932278934,
    2.9112874951168793e-5,
  ],
  bottom: [
    1, 1.284260096144911, 0.4682382124808651, 0.06598813786892856, 0.0037823963320275824,
    7.297515550839662e-5,
  ],
};

/** `exp(-z² / 2)`; z² is split so that its rounding error is not magnified. */
const bell = (z: number): number => {
  const coarse = Math.trunc(z * 16) / 16;
  return Math.exp(-coarse * coarse * 0.5) * Math.exp(-(z - coarse) * (z + coarse) * 0.5);
};

/** P(Z > z) for z ≥ 0. */
const tailFromZero = (z: number): number => {
  if (z <= 0.67448975) return 0.5 - z * evaluateRational(CENTRE, z * z);
  if (z <= Math.sqrt(32)) return bell(z) * evaluateRational(MIDDLE, z);
  if (z > 40) return 0;
  const inverse = 1 / (z * z);
  return (bell(z) * (1 / Math.sqrt(2 * Math.PI) - inverse * evaluateRational(FAR, inverse))) / z;
};

/**
 * P(Z > z) of the standard normal distribution, accurate to 1e-14 of itself down to the smallest numbers.
 * Source: W. J. Cody, Rational Chebyshev approximations for the error function (1969).
 */
export const normalUpperTail = (z: number): number => (z < 0 ? 1 - tailFromZero(-z) : tailFromZero(z));

/** P(|Z| ≥ |z|). */
export const normalTwoSidedP = (z: number): number => 2 * tailFromZero(Math.abs(z));

// Wichura's three ranges of the quantile.
const QUANTILE_CENTRE: Rational = {
  top: [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
    1971.5909503065513, 133.14166789178438, 3.3871328727963665,
  ],
  bottom: [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
    687.1870074920579, 42.31333070160091, 1,
  ],
};
const QUANTILE_MIDDLE: Rational = {
  top: [
    0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  bottom: [
    1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
};
const QUANTILE_FAR: Rational = {
  top: [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124,
    0.29656057182850487, 1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  bottom: [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 0.0007868691311456133,
    0.014875361290850615, 0.1369298809227358, 0.599832206555888, 1,
  ],
};

/**
 * z with P(Z ≤ z) = p, for 0 < p < 1. For a small upper tail q give `-normalQuantile(q)`, not `1 - q`.
 * Source: M. J. Wichura, Algorithm AS 241 (PPND16), 1988.
 */
export const normalQuantile = (p: number): number => {
  const centred = p - 0.5;
  if (Math.abs(centred) <= 0.425) {
    return centred * evaluateRational(QUANTILE_CENTRE, 0.180625 - centred * centred);
  }
  const depth = Math.sqrt(-Math.log(Math.min(p, 1 - p)));
  const z =
    depth <= 5 ? evaluateRational(QUANTILE_MIDDLE, depth - 1.6) : evaluateRational(QUANTILE_FAR, depth - 5);
  return centred < 0 ? -z : z;
};
