namespace DevOps.Pipelines;

/// <summary>Two jobs of a plan of which either may start first, or both at once.</summary>
/// <param name="First">The one that was added first.</param>
/// <param name="Second">The other.</param>
public sealed record FreeOrder(string First, string Second);
