using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace DevOps.Registry;

/// <summary>Names the source of spans and the meter of this package, for whoever collects them.</summary>
public static class RegistryDiagnostics
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "DevOps.Registry";

    internal static ActivitySource Source { get; } = new(Name);

    internal static Meter Meter { get; } = new(Name);

    internal static Counter<long> Bytes { get; } = Meter.CreateCounter<long>("devops.registry.client.io", "By", "Bytes of content that were sent or came, those that were repeated included.");

    internal static Counter<long> Requests { get; } = Meter.CreateCounter<long>("devops.registry.client.requests", "{request}", "Requests to registries, each try and each redirect by itself.");

    internal static Counter<long> Retries { get; } = Meter.CreateCounter<long>("devops.registry.client.retries", "{retry}", "Requests that were sent again, and transfers that went on after a break.");

    internal static Counter<long> Tokens { get; } = Meter.CreateCounter<long>("devops.registry.client.tokens", "{token}", "Tokens that were asked for at token services.");
}
