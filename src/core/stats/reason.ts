/** Why a statistic is undefined. An undefined figure is `null` beside one of these words, never NaN or Infinity. */
export type Reason = 'insufficient-data' | 'zero-variance' | 'zero-baseline' | 'ill-conditioned';
