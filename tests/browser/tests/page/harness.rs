//! The harness itself, tried on a page of a few lines: a test that cannot fail proves nothing about the real one.

use retailq_browser_tests::{Browser, Page};

const DOCUMENT: &str = "data:text/html,<title>try</title>
<label>name <input id=name></label> <select id=list><option>one<option>two</select> <button id=button>count</button> <p id=count>0</p>
<button id=covered>covered</button>
<script>
  const keys = [];
  button.onclick = () => count.textContent = +count.textContent + 1;
  onkeydown = event => keys.push((event.shiftKey ? 'Shift ' : '') + event.key);
  list.onchange = () => count.textContent = list.value;
</script>";

fn try_out(test: impl FnOnce(&mut Page)) {
    let browser = Browser::start();
    let mut page = browser.page();
    page.open(&DOCUMENT.replace('\n', ""));
    test(&mut page);
}

#[test]
fn clicks_and_keys_arrive() {
    try_out(|page| {
        page.click("#button");
        page.key("Space");
        assert_eq!(page.text("#count"), "2");
        page.fill("#name", "Ab 1?,茶");
        assert_eq!(page.eval("document.querySelector('#name').value"), "Ab 1?,茶");
        page.fill("#name", "x");
        assert_eq!(page.eval("document.querySelector('#name').value"), "x");
        page.key("Shift+ArrowRight");
        assert_eq!(page.eval("keys.at(-1)"), "Shift ArrowRight");
        page.choose("#list", "two");
        assert_eq!(page.text("#count"), "two");
    });
}

#[test]
#[should_panic(expected = "cannot click #covered")]
fn a_covered_button_cannot_be_clicked() {
    try_out(|page| {
        page.eval("document.body.insertAdjacentHTML('beforeend', '<div style=\"position:fixed;inset:0\">'), null");
        page.click("#covered");
    });
}

#[test]
fn preferences_reach_the_page() {
    try_out(|page| {
        page.viewport(320, 640, 2.0);
        assert_eq!(page.eval("[innerWidth, innerHeight, devicePixelRatio]"), serde_json::json!([320, 640, 2]));
        for dark in [true, false] {
            page.dark(dark);
            assert_eq!(page.eval("matchMedia('(prefers-color-scheme: dark)').matches"), dark);
        }
        page.reduced_motion(true);
        assert_eq!(page.eval("matchMedia('(prefers-reduced-motion: reduce)').matches"), true);
        page.language("zh-CN,zh");
        page.open("about:blank");
        assert_eq!(page.eval("navigator.language"), "zh-CN");
    });
}

#[test]
fn faults_and_slowness_are_noticed() {
    try_out(|page| {
        page.eval("console.error('wrong', 3), setTimeout(() => { throw new Error('thrown') }), null");
        page.eval("new Worker(URL.createObjectURL(new Blob(['console.warn(\"from the worker\")']))), null");
        page.eval("new Promise(done => setTimeout(done, 300))");
        let faults = page.faults();
        for expected in ["wrong 3", "thrown", "from the worker"] {
            assert!(faults.iter().any(|fault| fault.text.contains(expected)), "{expected} is not in {faults:#?}");
        }
        page.eval("setTimeout(() => { const end = performance.now() + 120; while (performance.now() < end); }, 200), null");
        let frames = page.frames(0.6);
        assert!(frames.longest_gap > 90.0 && frames.long_tasks.iter().any(|task| *task > 100.0), "{frames:?}");
        assert!(frames.per_second > 20.0, "{frames:?}");
    });
}

#[test]
fn inaccessible_pages_are_found_out_and_pictures_are_taken() {
    try_out(|page| {
        page.eval("document.querySelector('label').replaceWith(document.querySelector('#name')), null");
        let faults = page.accessibility_faults();
        assert!(faults.iter().any(|fault| fault.starts_with("label ")), "{faults:#?}");
        let picture = std::fs::read(page.screenshot("harness")).unwrap();
        assert!(picture.starts_with(b"\x89PNG"));
    });
}
