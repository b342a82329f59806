// The facts are in a file of their own, because every other dialect and compiler checks them as well.
import './decorators.spec.js';
