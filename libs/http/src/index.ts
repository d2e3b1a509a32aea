export * from './api-problems.ts';
export * from './bearer.ts';
export * from './body.ts';
export * from './fields.ts';
export * from './nothing.ts';
export * from './openapi.ts';
export * from './problem-filter.ts';
export * from './validation.ts';
