/** What jest does after every test file. */
import { endAll } from '../at-end';

afterAll(endAll);
