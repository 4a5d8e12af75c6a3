// The part of Vega that Manglar's explorable charts use: what draws lines, areas, rules and axes, and the interpreter of
// expressions that needs no eval. Maps, forces, trees, regressions and word clouds are left out (see vega/index.js, which
// registers them all): a chart that needs one adds its package here and build.sh compiles again.
import { transforms } from "vega-dataflow";
import * as encode from "vega-encode";
import { expressionInterpreter } from "vega-interpreter";
import { parse } from "vega-parser";
import * as transform from "vega-transforms";
import { View } from "vega-view";
import * as viewTransform from "vega-view-transforms";

Object.assign(transforms, transform, viewTransform, encode);

export { expressionInterpreter, parse, View };
