/** Injection tokens of what has no class. */
export const ENVIRONMENT = Symbol('ENVIRONMENT');
export const LOGGER = Symbol('LOGGER');
