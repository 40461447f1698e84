namespace DevOps.Registry.Server;

/// <summary>Names the meter and the log category of this package, for whoever collects them.</summary>
public static class RegistryServerDiagnostics
{
    /// <summary>The name of the meter, and of the log's category.</summary>
    public const string Name = "DevOps.Registry.Server";
}
