namespace DevOps.Testing.Content;

public enum StoreOperation
{
    Contains,
    OpenRead,
    Write,
    Tag,
    Resolve,
    Mount,
}
