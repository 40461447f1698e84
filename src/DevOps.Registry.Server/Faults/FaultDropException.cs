namespace DevOps.Registry.Server;

/// <summary>Ends a request whose connection a fault drops.</summary>
internal sealed class FaultDropException() : IOException("A fault dropped the connection.");
