//! Pictures of the run: charts, the step just taken, the scene, the policy and the yardsticks.
