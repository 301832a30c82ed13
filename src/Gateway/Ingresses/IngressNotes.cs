using Gatehouse.Gateway.Validation.Reading;

namespace Gatehouse.Gateway.Ingresses;

/// <summary>Collects the remarks on one Ingress.</summary>
internal sealed class IngressNotes
{
    private readonly List<IngressRemark> remarks = [];

    public IReadOnlyList<IngressRemark> Remarks => remarks;

    /// <summary>Something is refused whose absence would let in whom it keeps out, or send requests elsewhere: nothing may be stored.</summary>
    public bool IsBlocked { get; private set; }

    public IngressVerdict Verdict
    {
        get
        {
            if (IsBlocked)
                return IngressVerdict.Refused;
            return remarks.Exists(remark => remark.Verdict is IngressVerdict.Approximate or IngressVerdict.Refused) ? IngressVerdict.Approximate : IngressVerdict.Exact;
        }
    }

    public void Say(string pointer, string message) => Add(pointer, IngressVerdict.Exact, message);

    public void Differ(string pointer, string message) => Add(pointer, IngressVerdict.Approximate, message);

    public void Ignore(string pointer, string message) => Add(pointer, IngressVerdict.Ignored, message);

    /// <summary>The rest of the Ingress can be stored without it.</summary>
    public void Refuse(string pointer, string message) => Add(pointer, IngressVerdict.Refused, message);

    /// <summary>Nothing of the Ingress can be stored.</summary>
    public void Block(string pointer, string message)
    {
        IsBlocked = true;
        Add(pointer, IngressVerdict.Refused, message);
    }

    public bool Has(string pointer) => remarks.Exists(remark => remark.Pointer == pointer);

    /// <summary>Pointer of an annotation.</summary>
    public static string Annotation(string name) => Location.Root.Then("metadata", "annotations", name).ToString();

    private void Add(string pointer, IngressVerdict verdict, string message) => remarks.Add(new IngressRemark(pointer, verdict, message));
}
