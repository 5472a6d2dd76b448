/** The portal's router, so that links and addresses of a field are those of the page: what the first view has of it anyway. */
export {
  Link,
  Navigate,
  Route,
  Routes,
  useLocation,
  useNavigate,
  useParams,
  useSearchParams,
} from 'react-router-dom';
